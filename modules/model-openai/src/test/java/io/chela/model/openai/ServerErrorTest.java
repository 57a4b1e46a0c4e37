package io.chela.model.openai;

import static io.chela.model.openai.Asked.events;
import static io.chela.model.openai.Asked.failure;
import static io.chela.model.openai.Asked.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.spi.ReplyLimits;
import io.chela.testkit.ScriptedUpstream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerErrorTest {
    /// What OpenAI, llama.cpp (newer and older), vLLM (newer and older), Ollama and LM Studio say.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'too long','type':'invalid_request_error','param':'messages','code':'context_length_exceeded'}}",
                "{'error':{'message':'This model^s maximum context length is 8192 tokens. Please reduce the length of the messages.'}}",
                "{'error':{'code':400,'message':'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it','type':'exceed_context_size_error','n_ctx':4096}}",
                "{'error':{'code':500,'message':'Context size has been exceeded.','type':'server_error'}}",
                "{'object':'error','message':'This model^s maximum context length is 4096 tokens. However, you requested 5000','type':'BadRequestError','code':400}",
                "{'error':{'message':'The decoder prompt (length 9000) is longer than the maximum model length of 4096.','code':400}}",
                "{'error':{'message':'the input length exceeds the context length','type':'invalid_request_error','param':null,'code':null}}",
                "{'error':'Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.'}",
            })
    void knowsAContextThatIsTooLongWhereverItIsSaid(String body) {
        String json = body.replace('\'', '"').replace('^', '\'');
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(400, json))) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Kind.CONTEXT_LENGTH);
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(200, json))) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Kind.CONTEXT_LENGTH);
        }
    }

    @Test
    void doesNotTakeEveryWordOnAContextForOneThatIsTooLong() {
        assertThat(ServerError.ofBody("{\"error\":{\"message\":\"context_length must be positive\"}}")
                        .kind(400))
                .isEqualTo(Kind.REJECTED);
        assertThat(ServerError.ofBody("{\"error\":{\"message\":\"maximum context length\"}}")
                        .kind(401))
                .isEqualTo(Kind.UNAUTHORIZED);
        assertThat(ServerError.ofBody("<html>").kind(502)).isEqualTo(Kind.BROKEN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"error":{"message":"m","code":429}}                              | RATE_LIMITED   | 429
            {"error":{"message":"m","code":"503"}}                            | OVERLOADED     | 503
            {"error":{"message":"m","type":"rate_limit_error"}}               | RATE_LIMITED   | 429
            {"error":{"message":"m","code":"insufficient_quota"}}             | RATE_LIMITED   | 429
            {"error":{"message":"m","type":"invalid_request_error"}}          | REJECTED       | 400
            {"error":{"message":"m","code":"invalid_api_key","type":"invalid_request_error"}} | UNAUTHORIZED | 401
            {"error":{"message":"m","code":"model_not_found"}}                | UNKNOWN_MODEL  | 404
            {"error":{"message":"m","type":"server_error"}}                   | BROKEN         | 500
            {"error":{"message":"m","code":"content_filter"}}                 | CONTENT_FILTER |
            {"error":{"message":"m"}}                                         | BROKEN         |
            {"error":"m"}                                                     | BROKEN         |
            """)
    void countsAnErrorInAnAnswerLikeTheStatusItImplies(
            String json, Kind kind, @org.jspecify.annotations.Nullable Integer status) {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(200, json))) {
            var problem = failure(model(upstream));
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.status()).isEqualTo(Optional.ofNullable(status));
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.event(json);
            exchange.done();
        })) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"slow down\",\"code\":500}}",
                "{\"message\":\"slow down\"}",
                "slow down",
            })
    void readsAnEventNamedError(String data) {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.piece(("event: error\ndata: " + data + "\n\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.done();
        })) {
            var problem = failure(model(upstream));
            assertThat(problem.kind()).isEqualTo(Kind.BROKEN);
            assertThat(problem.message()).contains("home", "127.0.0.1:", "slow down");
        }
    }

    @Test
    void refusesWhatTheContentFilterRefuses() {
        String azure =
                "{\"error\":{\"message\":\"The response was filtered\",\"type\":null,\"param\":\"prompt\",\"code\":"
                        + "\"content_filter\",\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}";
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(400, azure))) {
            var problem = failure(model(upstream));
            assertThat(problem.kind()).isEqualTo(Kind.CONTENT_FILTER);
            assertThat(problem.message()).contains("The response was filtered");
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.finish("content_filter");
            exchange.done();
        })) {
            assertThat(events(model(upstream))).endsWith(new ModelEvent.Finish("content_filter"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422, 500})
    void neverTellsASecretThatTheServerEchoes(int status) {
        String body = "{\"error\":{\"message\":\"bad key sk-our-key for team-is-secret\"}}";
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(status, body))) {
            var model = model(upstream, "apiKey", "sk-our-key", "headers.X-Team", "Basic team-is-secret");
            var message = failure(model).message();
            assertThat(message).doesNotContain("sk-our-key", "team-is-secret").contains("home", "127.0.0.1:");
            assertThat(message.contains("bad key *** for ***")).isEqualTo(status == 400 || status == 422);
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(200, body))) {
            assertThat(failure(model(upstream, "apiKey", "sk-our-key", "headers.X-Team", "Basic team-is-secret"))
                            .message())
                    .contains("bad key *** for ***");
        }
    }

    @Test
    void tellsALostConnectionFromAnAnswerThatMakesNoSense() {
        try (var upstream = ScriptedUpstream.answering(ScriptedUpstream.Exchange::cut)) {
            assertThat(failure(model(upstream)).status()).isEmpty();
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.end();
        })) {
            assertThat(failure(model(upstream)).status()).isEmpty();
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.event("[1]");
            exchange.done();
        })) {
            assertThat(failure(model(upstream)).status()).contains(200);
        }
    }

    @Test
    void refusesAnEventOfMoreThanItsLimitAndNamesIt() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("x".repeat(ReplyLimits.DEFAULTS.eventBytes()));
            exchange.done();
        })) {
            var problem = failure(model(upstream));
            assertThat(problem.kind()).isEqualTo(Kind.BROKEN);
            assertThat(problem.message()).contains("more than 1048576 bytes");
        }
    }

    @Test
    void readsRetryAfterAsSecondsOrAsADate() {
        var now = Instant.parse("2026-11-25T19:00:00.500Z");
        assertThat(RetryAfter.read(" 7 ", now)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.read("0", now)).contains(Duration.ZERO);
        assertThat(RetryAfter.read("172800", now)).contains(Duration.ofDays(2));
        assertThat(RetryAfter.read("Wed, 25 Nov 2026 19:00:30 GMT", now)).contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.read("Wed, 25 Nov 2026 18:59:00 GMT", now)).contains(Duration.ZERO);
        assertThat(RetryAfter.read("999999999", now)).contains(RetryAfter.MAX);
        assertThat(RetryAfter.read("soon", now)).isEmpty();
        assertThat(RetryAfter.read("-1", now)).isEmpty();
    }
}
