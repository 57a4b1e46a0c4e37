package io.chela.edge;

import io.chela.api.Problem;
import java.util.Optional;

/// What a [Problem] becomes in an answer: the status, and the three words beside the message.
record ProblemShape(int status, String type, Optional<String> param, Optional<String> code) {
    private static final String INVALID = "invalid_request_error";
    private static final String API = "api_error";

    private static final int SERVER_ERROR = 500;

    static ProblemShape of(Problem problem) {
        return switch (problem) {
            case Problem.Malformed malformed -> new ProblemShape(400, INVALID, malformed.param(), Optional.empty());
            case Problem.Unauthenticated _ -> plain(401, "unauthorized").coded("invalid_api_key");
            case Problem.Forbidden(var _, var missing) ->
                missing.isPresent() ? plain(403, "forbidden").coded("missing_scope") : plain(403, "forbidden");
            case Problem.UnknownAgent unknown ->
                new ProblemShape(404, INVALID, Optional.of(unknown.param()), Optional.of("model_not_found"));
            case Problem.NotFound _ -> plain(404, INVALID).coded("not_found");
            case Problem.MethodNotAllowed _ -> plain(405, INVALID);
            case Problem.Conflict _ -> plain(409, INVALID);
            case Problem.PayloadTooLarge _ -> plain(413, INVALID);
            case Problem.RequestTimeout _ -> plain(408, INVALID);
            case Problem.RateLimited _ -> plain(429, "rate_limited");
            case Problem.Busy _ -> plain(429, "rate_limit_error").coded("queue_full");
            case Problem.Refused refused -> plain(refused.status(), refused.status() < SERVER_ERROR ? INVALID : API);
            case Problem.Upstream upstream -> upstream(upstream.kind());
            case Problem.TimedOut _ -> plain(504, API);
            case Problem.Unavailable _ -> plain(503, "service_unavailable").coded("unavailable");
            case Problem.Internal _ -> plain(500, API);
        };
    }

    private static ProblemShape upstream(Problem.Upstream.Kind kind) {
        return switch (kind) {
            case REJECTED -> plain(400, INVALID);
            case CONTEXT_LENGTH -> plain(400, INVALID).coded("context_length_exceeded");
            case CONTENT_FILTER -> plain(400, INVALID).coded("content_filter");
            case RATE_LIMITED -> plain(429, "rate_limit_error");
            case OVERLOADED -> plain(503, API);
            case SILENT -> plain(504, API);
            case UNAUTHORIZED, BILLING, UNKNOWN_MODEL, BROKEN, UNKNOWN -> plain(502, API);
        };
    }

    private static ProblemShape plain(int status, String type) {
        return new ProblemShape(status, type, Optional.empty(), Optional.empty());
    }

    private ProblemShape coded(String code) {
        return new ProblemShape(status, type, param, Optional.of(code));
    }
}
