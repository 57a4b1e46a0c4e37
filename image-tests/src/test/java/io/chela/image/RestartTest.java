package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.errors.InternalServerException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client with retries sees of a gateway that is stopped and started again: nothing.
class RestartTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /// A gateway is back within two seconds; the package waits up to eight between two of these.
    private static final int RETRIES = 8;

    @TempDir
    private Path folder = Path.of("unset");

    /// Holds `LONG` until the test lets it go on, and echoes the rest.
    private static ScriptedUpstream holding(CountDownLatch goOn) {
        return ScriptedUpstream.answering(exchange -> {
            if (EchoUpstream.messages(exchange.request())
                    .getLast()
                    .path("content")
                    .stringValue("")
                    .equals("LONG")) {
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            }
            EchoUpstream.answer(exchange);
        });
    }

    private static OpenAIClient client(Image gateway, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
                .apiKey(gateway.token())
                .maxRetries(retries)
                .putHeader("x-request-id", retries + "-retries")
                .build();
    }

    private static String say(OpenAIClient client, String text) {
        var params = ChatCompletionCreateParams.builder()
                .model("openclaw")
                .addUserMessage(text)
                .build();
        return client.chat()
                .completions()
                .create(params)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElse("");
    }

    /// The headers of a 503, when that is what it answers.
    private static Optional<Headers> refusal(OpenAIClient client) {
        try {
            say(client, "taken");
            return Optional.empty();
        } catch (InternalServerException e) {
            assertThat(e.statusCode()).isEqualTo(503);
            return Optional.of(e.headers());
        }
    }

    @Test
    void isBridgedByTheRetriesOfTheOpenAiPackage() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = holding(goOn);
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                Image first = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            var running = threads.submit(() -> say(client(first, 0), "LONG"));
            Patience.until(SOON, first::log, () -> upstream.requests().size() == 1);
            first.terminate();
            Patience.until(SOON, first::log, () -> refusal(client(first, 0)).isPresent());
            assertThat(refusal(client(first, 0)).orElseThrow().values("Retry-After"))
                    .hasSize(1);

            var patient = threads.submit(() -> say(client(first, RETRIES), "patient"));
            Patience.until(SOON, first::log, () -> first.log().contains(RETRIES + "-retries")); // it was refused once
            goOn.countDown();
            assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo("Echo: LONG");
            assertThat(first.exit()).isZero();
            try (Image next = Launch.in(folder)
                    .options("--port", String.valueOf(first.port()))
                    .start(EchoUpstream.config(upstream))) {
                assertThat(patient.get(60, TimeUnit.SECONDS)).isEqualTo("Echo: patient");
                assertThat(next.log()).doesNotContain("Exception");
            }
        }
    }
}
