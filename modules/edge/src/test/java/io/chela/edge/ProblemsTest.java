package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream;
import io.chela.api.Scope;
import io.helidon.http.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemsTest {
    private static final Duration SOON = Duration.ofMillis(1_200);

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape(new Problem.Malformed("messages[0].role", "x"), 400, "invalid_request_error", null),
                shape(new Problem.Malformed(Optional.empty(), "x"), 400, "invalid_request_error", null),
                shape(new Problem.Unauthenticated(), 401, "unauthorized", "invalid_api_key"),
                shape(new Problem.Forbidden("x"), 403, "forbidden", null),
                shape(Problem.Forbidden.missing(Scope.WRITE), 403, "forbidden", "missing_scope"),
                shape(new Problem.UnknownAgent("x", "model"), 404, "invalid_request_error", "model_not_found"),
                shape(new Problem.NotFound("x"), 404, "invalid_request_error", "not_found"),
                shape(new Problem.MethodNotAllowed(List.of("GET")), 405, "invalid_request_error", null),
                shape(new Problem.Conflict("x"), 409, "invalid_request_error", null),
                shape(new Problem.PayloadTooLarge(1), 413, "invalid_request_error", null),
                shape(new Problem.RequestTimeout(), 408, "invalid_request_error", null),
                shape(new Problem.RateLimited("x", SOON), 429, "rate_limited", null),
                shape(new Problem.Busy("why", "x", SOON), 429, "rate_limit_error", "queue_full"),
                shape(new Problem.Refused(417, "x"), 417, "invalid_request_error", null),
                shape(new Problem.Refused(505, "x"), 505, "api_error", null),
                shape(new Problem.TimedOut(), 504, "api_error", null),
                shape(new Problem.Unavailable("why", "x", SOON), 503, "service_unavailable", "unavailable"),
                shape(new Problem.Internal("x"), 500, "api_error", null),
                upstream(Upstream.Kind.REJECTED, 400, "invalid_request_error", null),
                upstream(Upstream.Kind.CONTEXT_LENGTH, 400, "invalid_request_error", "context_length_exceeded"),
                upstream(Upstream.Kind.CONTENT_FILTER, 400, "invalid_request_error", "content_filter"),
                upstream(Upstream.Kind.UNAUTHORIZED, 502, "api_error", null),
                upstream(Upstream.Kind.BILLING, 502, "api_error", null),
                upstream(Upstream.Kind.UNKNOWN_MODEL, 502, "api_error", null),
                upstream(Upstream.Kind.RATE_LIMITED, 429, "rate_limit_error", null),
                upstream(Upstream.Kind.OVERLOADED, 503, "api_error", null),
                upstream(Upstream.Kind.BROKEN, 502, "api_error", null),
                upstream(Upstream.Kind.SILENT, 504, "api_error", null),
                upstream(Upstream.Kind.UNKNOWN, 502, "api_error", null));
    }

    private static Arguments upstream(Upstream.Kind kind, int status, String type, @Nullable String code) {
        return shape(new Upstream(kind, "home", "x"), status, type, code);
    }

    private static Arguments shape(Problem problem, int status, String type, @Nullable String code) {
        return Arguments.of(problem, status, type, Optional.ofNullable(code));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void saysEachProblemInHttp(Problem problem, int status, String type, Optional<String> code) {
        var error = Problems.body(problem).get("error");
        assertThat(Problems.status(problem)).isEqualTo(status);
        assertThat(error.get("message").asString()).isEqualTo(problem.message());
        assertThat(error.get("type").asString()).isEqualTo(type);
        assertThat(Json.write(error.get("code")))
                .isEqualTo(code.map(c -> '"' + c + '"').orElse("null"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void explainsEachInTheDocument(Problem problem, int status, String type, Optional<String> code) throws IOException {
        String row = "| " + status + " | " + type + " | "
                + code.map(word -> word + " ").orElse("") + "|";
        assertThat(Files.readString(Path.of("../../docs/errors.md"))).contains("\n" + row);
    }

    @Test
    void knowsEveryProblemThereIs() {
        var known = shapes().map(shape -> shape.get()[0]).toList();
        assertThat(Problem.class.getPermittedSubclasses())
                .allSatisfy(type -> assertThat(known).hasAtLeastOneElementOfType(type));
        assertThat(known.stream().filter(Upstream.class::isInstance).map(upstream -> ((Upstream) upstream).kind()))
                .containsExactlyInAnyOrder(Upstream.Kind.values());
    }

    @Test
    void namesWhatWasWrong() {
        assertThat(Json.write(Problems.body(new Problem.Malformed("messages", "must be an array"))))
                .isEqualTo("{\"error\":{\"message\":\"must be an array\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"messages\",\"code\":null}}");
    }

    @Test
    void namesTheScopeThatIsMissingAsOpenClawDoes() {
        assertThat(Json.write(Problems.body(Problem.Forbidden.missing(Scope.WRITE))))
                .contains("\"message\":\"missing scope: operator.write\"")
                .contains("\"details\":{\"code\":\"MISSING_SCOPE\",\"missingScope\":\"operator.write\","
                        + "\"requiredScopes\":[\"operator.write\"]}");
    }

    @Test
    void tellsWhenToComeBackInWholeSeconds() {
        var upstream = new Upstream(
                Upstream.Kind.RATE_LIMITED, "home", Optional.of(429), "x", Optional.of(Duration.ofSeconds(7)));
        assertThat(retryAfter(new Problem.Busy("why", "x", SOON))).contains("2");
        assertThat(retryAfter(new Problem.Unavailable("why", "x", Duration.ZERO)))
                .contains("1");
        assertThat(retryAfter(upstream)).contains("7");
        var atOnce =
                new Upstream(Upstream.Kind.RATE_LIMITED, "home", Optional.of(429), "x", Optional.of(Duration.ZERO));
        assertThat(retryAfter(atOnce)).contains("0");
        assertThat(retryAfter(new Problem.TimedOut())).isEmpty();
    }

    private static Optional<String> retryAfter(Problem problem) {
        try (var edge = TestEdge.with(
                        http -> Paths.only(http, "/", Method.GET, (_, response) -> Problems.send(response, problem)));
                var client = edge.client()) {
            return client.get("/").answer().header("retry-after");
        }
    }
}
