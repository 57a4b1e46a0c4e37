package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a model server's failures become for a caller, through the whole gateway.
class UpstreamTest {
    private static final String BODY = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path folder = Path.of("unset");

    private HttpResponse<String> ask(ScriptedUpstream upstream, String... headers)
            throws IOException, InterruptedException {
        try (var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            return pair.chat(BODY, headers);
        }
    }

    @Test
    void answersOnceWhenTheServerRecovers() throws Exception {
        var calls = new AtomicInteger();
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            switch (calls.incrementAndGet()) {
                case 1 -> exchange.cut();
                case 2 -> exchange.json(500, "{}");
                default -> exchange.say("Hel", "lo");
            }
        })) {
            var answer = ask(upstream, "x-openclaw-session-key", "k");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.readObject(answer.body())
                            .at("/choices/0/message/content")
                            .stringValue())
                    .isEqualTo("Hello");
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, {}, 503, , 3",
        "500, {}, 502, , 3",
        "302, {}, 502, , 1",
        "401, {}, 502, , 1",
        "429, {}, 429, , 1",
        "400, '{\"error\":{\"message\":\"m\",\"code\":\"content_filter\"}}', 400, content_filter, 1",
        "400, '{\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}', 400, context_length_exceeded, 1",
    })
    void saysWhatItsFailureMeans(
            int status, String body, int ours, @org.jspecify.annotations.Nullable String code, int calls)
            throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(status, body, "Retry-After: 0"))) {
            var answer = ask(upstream);
            assertThat(answer.statusCode()).isEqualTo(ours);
            var error = Json.readObject(answer.body()).path("error");
            assertThat(error.path("message").stringValue()).contains("home", "127.0.0.1:");
            assertThat(error.path("code").stringValue(null)).isEqualTo(code);
            assertThat(answer.headers().firstValue("retry-after")).contains("0");
            assertThat(upstream.requests()).hasSize(calls);
        }
    }

    @Test
    void passesADateInRetryAfterOnAsSeconds() throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(429, "{}", "Retry-After: " + date))) {
            var wait = ask(upstream).headers().firstValueAsLong("retry-after").orElseThrow();
            assertThat(wait).isBetween(3_000L, 3_601L);
        }
    }
}
