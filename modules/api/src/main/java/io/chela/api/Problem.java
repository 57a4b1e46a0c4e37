package io.chela.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that can go wrong for a caller, in words a person can act on. Doors turn it into their
/// protocol's error.
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
    ///
    /// @param why which one, for the log: the limit's key, or a word or two of ours
    record Busy(String why, String message, Duration retryAfter) implements Problem {}

    /// HTTP itself refuses the request.
    record Refused(int status, String message) implements Problem {}

    /// The model's server failed, or said no.
    ///
    /// Asked again, while nothing was said yet, is after `OVERLOADED`, and after `BROKEN` with no status
    /// (there was no connection, or it was lost) or one from 500 on. So a server's answer that makes no sense
    /// has its status, 200.
    ///
    /// @param fault what exactly went wrong, where the kind and the status do not say it
    /// @param provider the configured provider's id
    /// @param status the status it answered with, if it did
    /// @param message shown to the caller: names the provider, says what happened; no key, no parser's words
    /// @param retryAfter what the server asked for; passed on
    record Upstream(
            Kind kind,
            Optional<Fault> fault,
            String provider,
            Optional<Integer> status,
            String message,
            Optional<Duration> retryAfter)
            implements Problem {
        /// What kind of failure it was; decides the status a caller gets.
        public enum Kind {
            /// The server did not like the request itself.
            REJECTED,
            /// The conversation is too long for the model.
            CONTEXT_LENGTH,
            /// A filter of the server refused what was said.
            CONTENT_FILTER,
            /// Our credential is wrong, or lacks a right.
            UNAUTHORIZED,
            /// It wants money first.
            BILLING,
            /// It does not know the configured model.
            UNKNOWN_MODEL,
            /// We ask too often.
            RATE_LIMITED,
            /// It has too much to do, and may have less in a moment.
            OVERLOADED,
            /// It cannot be reached, broke off, or said what makes no sense.
            BROKEN,
            /// It said nothing for too long.
            SILENT,
            /// None of these.
            UNKNOWN
        }

        /// What was wrong, for the log, which never has a server's own words.
        public enum Fault {
            /// No connection came about, or it was lost before the answer began.
            UNREACHABLE,
            /// Its host name is not known.
            UNKNOWN_HOST,
            /// Its certificate is not trusted, or there is no common TLS.
            TLS,
            /// The proxy before it did not lead to it.
            PROXY,
            /// It answered with something that is no HTTP, or breaks its rules.
            NO_HTTP,
            /// It answered with a redirect, which is not followed.
            REDIRECT,
            /// It answered in a content encoding that was not asked for.
            ENCODING,
            /// It answered with neither an event stream nor JSON.
            NO_STREAM,
            /// It sent an event that is no JSON object, or too large a one.
            NO_JSON,
            /// An event was longer than one may be.
            EVENT_TOO_LARGE,
            /// The answer was longer than one may be.
            ANSWER_TOO_LARGE,
            /// It said that it is done, or closed, and had said nothing.
            EMPTY,
            /// The connection ended within the answer.
            BROKE_OFF,
            /// It reported an error within the answer.
            ERROR_IN_ANSWER,
            /// It called tools in a way that makes no sense.
            TOOL_CALLS,
            /// It sent something, but too slowly.
            TOO_SLOW,
            /// The process that runs the model ended.
            PROCESS_ENDED,
            /// The model failed while it was asked.
            MODEL_FAILED,
            /// The caller read too slowly for the model.
            SLOW_READER
        }

        /// For a failure that kind and status say all of.
        public Upstream(
                Kind kind, String provider, Optional<Integer> status, String message, Optional<Duration> retryAfter) {
            this(kind, Optional.empty(), provider, status, message, retryAfter);
        }

        /// For a failure without a status.
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
    ///
    /// @param why which of them, for the log: the limit's key (`limits.concurrentTurns`), or a word or two of ours
    record Unavailable(String why, String message, Duration retryAfter) implements Problem {
        /// The gateway takes nothing new any more.
        public static Unavailable stopping(Duration retryAfter) {
            return new Unavailable("stopping", "The gateway is stopping.", retryAfter);
        }
    }

    /// A fault of ours; the log has the cause under this id.
    record Internal(String id) implements Problem {
        @Override
        public String message() {
            return "internal error " + id;
        }
    }
}
