package io.chela.edge;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.Scope;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says a [Problem] in HTTP: a status, `{"error":{"message","type","param","code"}}` and the headers that
/// belong to it.
///
/// `param` and `code` are null when there is none.
public final class Problems {
    private Problems() {}

    /// The status of the answer.
    public static int status(Problem problem) {
        return ProblemShape.of(problem).status();
    }

    /// Which of a status' reasons it was, for the log: a limit's key, or a fixed word; never what a caller sent.
    public static Optional<String> why(Problem problem) {
        return switch (problem) {
            case Problem.Busy busy -> Optional.of(busy.why());
            case Problem.Unavailable unavailable -> Optional.of(unavailable.why());
            default -> ProblemShape.of(problem).code();
        };
    }

    /// The body of the answer.
    public static ObjectNode body(Problem problem) {
        var shape = ProblemShape.of(problem);
        var body = Json.object();
        ObjectNode error = body.putObject("error")
                .put("message", problem.message())
                .put("type", shape.type())
                .put("param", shape.param().orElse(null))
                .put("code", shape.code().orElse(null));
        if (problem instanceof Problem.Forbidden(var _, var missing)) {
            missing.ifPresent(scope -> error.set("details", details(scope)));
        }
        return body;
    }

    /// What clients look at when a scope is missing.
    private static ObjectNode details(Scope scope) {
        ObjectNode details = Json.object().put("code", "MISSING_SCOPE").put("missingScope", scope.wire());
        details.putArray("requiredScopes").add(scope.wire());
        return details;
    }

    /// Sends the answer; nothing may have been sent before.
    public static void send(ServerResponse response, Problem problem) {
        why(problem).ifPresent(why -> Exchange.note(AccessLog.WHY, why));
        switch (problem) {
            case Problem.Unauthenticated _ -> response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            case Problem.MethodNotAllowed wrong ->
                response.header(HeaderNames.ALLOW, String.join(", ", wrong.allowed()));
            default ->
                retryAfter(problem)
                        .ifPresent(wait -> response.header(HeaderNames.RETRY_AFTER, seconds(wait, least(problem))));
        }
        JsonAnswer.send(response, status(problem), body(problem));
    }

    private static Optional<Duration> retryAfter(Problem problem) {
        return switch (problem) {
            case Problem.RateLimited limited -> Optional.of(limited.retryAfter());
            case Problem.Busy busy -> Optional.of(busy.retryAfter());
            case Problem.Unavailable unavailable -> Optional.of(unavailable.retryAfter());
            case Problem.Upstream upstream -> upstream.retryAfter();
            default -> Optional.empty();
        };
    }

    /// A model's server is taken at its word, also when it says zero.
    private static long least(Problem problem) {
        return problem instanceof Problem.Upstream ? 0 : 1;
    }

    /// Whole seconds, rounded up.
    private static String seconds(Duration wait, long least) {
        return Long.toString(Math.max(least, wait.plusNanos(999_999_999).toSeconds()));
    }
}
