package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The end of a gateway, asked for by SIGTERM.
class StopImageTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("unset");

    /// Streams slowly: its second half waits until the test lets it go on.
    private static ScriptedUpstream halves(CountDownLatch goOn) {
        return ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("first half, ");
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            exchange.text("second half");
            exchange.finish("stop");
            exchange.usage(1, 2);
            exchange.done();
        });
    }

    private static int status(Caller caller) {
        try {
            return caller.say("another").statusCode();
        } catch (Exception e) {
            throw new AssertionError("the gateway no longer listens while it drains", e);
        }
    }

    @Test
    void endsWithZeroWhenItHasNothingToDo() throws Exception {
        try (Image gateway = Launch.in(folder).start("{}")) {
            assertThat(gateway.stop()).isZero();
            assertThat(gateway.log()).doesNotContain("Exception");
        }
    }

    @Test
    void finishesARunningTurnAndTakesNoNewOne() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = halves(goOn);
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller();
                var running = caller.raw(Caller.body("long").put("stream", true), "long")) {
            running.setSoTimeout((int) SOON.toMillis());
            var answer = new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8));
            var seen = new StringBuilder();
            while (!seen.toString().contains("first half")) {
                seen.append(answer.readLine()).append('\n');
            }
            gateway.terminate();
            // Draining begins a moment after the signal; until then a turn would be taken, and this one would hang.
            Patience.until(SOON, gateway::log, () -> readiness(caller) == 503);
            assertThat(status(caller)).isEqualTo(503);
            goOn.countDown();
            answer.lines().forEach(line -> seen.append(line).append('\n'));
            assertThat(seen).contains("second half").contains("[DONE]").doesNotContain("\"error\"");
            assertThat(gateway.exit()).isZero();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    private static int readiness(Caller caller) {
        try {
            return caller.get("127.0.0.1", "/readyz").statusCode();
        } catch (Exception e) {
            throw new AssertionError("the gateway no longer listens while it drains", e);
        }
    }
}
