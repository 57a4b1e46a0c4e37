package io.chela.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that can go wrong for a caller, in words a person can act on. Doors turn it into their protocol's
/// error.
public sealed interface Problem {
    /// Says what is wrong, ready to be shown to the caller: no secret, no stack trace, no parser's own words.
    String message();

    /// Something in the request is wrong.
    ///
    /// @param param the member or header, such as `messages[0].role`; empty when it is the request as a whole
    record Malformed(Optional<String> param, String message) implements Problem {
        public Malformed(String param, String message) {
            this(Optional.of(param), message);
        }
    }

    /// No credential, or a wrong one; the answer never says which.
    record Unauthenticated() implements Problem {
        @Override
        public String message() {
            return "Unauthorized";
        }
    }

    /// The credential is right, but not for this.
    ///
    /// @param missing the scope it lacks, when that is the reason
    record Forbidden(String message, Optional<Scope> missing) implements Problem {
        public Forbidden(String message) {
            this(message, Optional.empty());
        }

        /// The credential lacks a scope.
        public static Forbidden missing(Scope scope) {
            return new Forbidden("missing scope: " + scope.wire(), Optional.of(scope));
        }
    }

    /// The request names an agent that is not configured.
    ///
    /// @param param where it was named: `model`, or the header
    record UnknownAgent(String name, String param) implements Problem {
        private static final int SHOWN = 100;

        @Override
        public String message() {
            return "Unknown agent or model '" + shown() + "'.";
        }

        private String shown() {
            return name.codePointCount(0, name.length()) <= SHOWN
                    ? name
                    : name.substring(0, name.offsetByCodePoints(0, SHOWN)) + "…";
        }
    }

    record NotFound(String message) implements Problem {}

    record MethodNotAllowed(List<String> allowed) implements Problem {
        @Override
        public String message() {
            return "Method not allowed; this path answers " + String.join(", ", allowed) + ".";
        }
    }

    /// Somebody else changed the same thing first.
    record Conflict(String message) implements Problem {}

    record PayloadTooLarge(long maxBytes) implements Problem {
        @Override
        public String message() {
            return "The request body is larger than " + maxBytes + " bytes.";
        }
    }

    /// The request did not arrive in time.
    record RequestTimeout() implements Problem {
        @Override
        public String message() {
            return "The request body did not arrive in time.";
        }
    }

    /// Too many attempts from one address.
    record RateLimited(String message, Duration retryAfter) implements Problem {}

    /// A queue is full.
    record Busy(String message, Duration retryAfter) implements Problem {}

    /// HTTP itself refuses the request.
    record Refused(int status, String message) implements Problem {}

    /// The model's server failed, or said no.
    ///
    /// @param provider the configured provider's id
    /// @param status the status it answered with, if it did
    record Upstream(Kind kind, String provider, Optional<Integer> status, String message, Optional<Duration> retryAfter)
            implements Problem {
        /// What kind of failure it was; decides the status a caller gets.
        public enum Kind {
            REJECTED,
            CONTEXT_LENGTH,
            CONTENT_FILTER,
            UNAUTHORIZED,
            BILLING,
            UNKNOWN_MODEL,
            RATE_LIMITED,
            OVERLOADED,
            BROKEN,
            SILENT,
            UNKNOWN
        }

        public Upstream(Kind kind, String provider, String message) {
            this(kind, provider, Optional.empty(), message, Optional.empty());
        }
    }

    /// The run took longer than a run may take.
    record TimedOut() implements Problem {
        @Override
        public String message() {
            return "The run took too long and was ended.";
        }
    }

    /// Not now: starting, loading, draining or full.
    record Unavailable(String message, Duration retryAfter) implements Problem {}

    /// A fault of ours; the log has the cause under this id.
    record Internal(String id) implements Problem {
        @Override
        public String message() {
            return "internal error " + id;
        }
    }
}
