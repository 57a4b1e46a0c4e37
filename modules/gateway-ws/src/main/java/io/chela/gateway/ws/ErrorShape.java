package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.Scope;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The `error` of a response: a code of the protocol, words, and what clients branch on.
record ErrorShape(String code, String message, Optional<ObjectNode> details, Optional<Duration> retryAfter) {
    static final String INVALID_REQUEST = "INVALID_REQUEST";
    static final String UNAVAILABLE = "UNAVAILABLE";
    static final String FORBIDDEN = "FORBIDDEN";

    static ErrorShape invalid(String message) {
        return new ErrorShape(INVALID_REQUEST, message, Optional.empty(), Optional.empty());
    }

    static ErrorShape invalid(String message, ObjectNode details) {
        return new ErrorShape(INVALID_REQUEST, message, Optional.of(details), Optional.empty());
    }

    private static ErrorShape unavailable(String message, Duration retryAfter) {
        return new ErrorShape(UNAVAILABLE, message, Optional.empty(), Optional.of(retryAfter));
    }

    static ErrorShape missing(Scope scope) {
        ObjectNode details = Json.object().put("code", "MISSING_SCOPE").put("missingScope", scope.wire());
        details.putArray("requiredScopes").add(scope.wire());
        return new ErrorShape(FORBIDDEN, "missing scope: " + scope.wire(), Optional.of(details), Optional.empty());
    }

    /// What a problem is in this protocol.
    static ErrorShape of(Problem problem) {
        return switch (problem) {
            case Problem.Malformed _, Problem.UnknownAgent _, Problem.NotFound _, Problem.Conflict _ ->
                invalid(problem.message());
            case Problem.Forbidden _ ->
                new ErrorShape(FORBIDDEN, problem.message(), Optional.empty(), Optional.empty());
            case Problem.Busy busy -> unavailable(busy.message(), busy.retryAfter());
            case Problem.Unavailable unavailable -> unavailable(unavailable.message(), unavailable.retryAfter());
            case Problem.RateLimited limited -> unavailable(limited.message(), limited.retryAfter());
            case Problem.Upstream upstream -> upstream(upstream);
            case Problem.Unauthenticated _,
                    Problem.MethodNotAllowed _,
                    Problem.PayloadTooLarge _,
                    Problem.RequestTimeout _,
                    Problem.Refused _,
                    Problem.TimedOut _,
                    Problem.Internal _ ->
                new ErrorShape(UNAVAILABLE, problem.message(), Optional.empty(), Optional.empty());
        };
    }

    private static ErrorShape upstream(Problem.Upstream upstream) {
        ObjectNode details = Json.object().put("provider", upstream.provider());
        upstream.status().ifPresent(status -> details.put("httpStatus", status.intValue()));
        return new ErrorShape(UNAVAILABLE, upstream.message(), Optional.of(details), upstream.retryAfter());
    }

    /// The most particular of its codes, such as `AUTH_TOKEN_MISMATCH`: a word of the protocol.
    String particular() {
        return details.map(given -> given.path("code").stringValue(code)).orElse(code);
    }

    ObjectNode json() {
        ObjectNode error = Json.object().put("code", code).put("message", message);
        details.ifPresent(value -> error.set("details", value));
        retryAfter.ifPresent(wait -> error.put("retryable", true).put("retryAfterMs", wait.toMillis()));
        return error;
    }
}
