package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `chela gateway status|health|stop`, and who they take for the gateway.
class GatewayCommandsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("unset");

    private Ended chela(String... arguments) throws Exception {
        return Launch.in(folder).chela(arguments).run();
    }

    @Test
    void tellOfAGatewayAndStopIt() throws Exception {
        try (Image gateway = Launch.in(folder).start("{}")) {
            Ended shown = chela("gateway", "status");
            assertThat(shown.exit()).as(shown.err()).isZero();
            assertThat(shown.out())
                    .contains("running on ws://127.0.0.1:" + gateway.port(), "offline/echo", "answers  yes")
                    .containsPattern("process +" + gateway.pid());
            var status = Json.readObject(chela("gateway", "status", "--json").out());
            assertThat(status.path("running").booleanValue(false)).isTrue();
            assertThat(status.path("pid").longValue()).isEqualTo(gateway.pid());
            assertThat(status.propertyNames())
                    .containsExactly(
                            "running",
                            "url",
                            "pid",
                            "since",
                            "version",
                            "agent",
                            "model",
                            "ready",
                            "failing",
                            "runs",
                            "stateDir");
            assertThat(chela("gateway", "health").out()).isEqualTo("ok; agents: main (default); runs: 0\n");
            var health = Json.readObject(chela("gateway", "health", "--json").out());
            assertThat(health.path("ok").booleanValue(false)).isTrue();

            Ended stopped = chela("gateway", "stop");
            assertThat(stopped.out())
                    .isEqualTo(
                            "stopped the gateway on " + gateway.stateFolder() + " (process " + gateway.pid() + ")\n");
            assertThat(gateway.exit()).isZero();
        }
        assertNoneRuns();
    }

    private void assertNoneRuns() throws Exception {
        Ended status = chela("gateway", "status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.out()).startsWith("no gateway is running on " + folder.resolve("state"));
        assertThat(chela("gateway", "status", "--json").out()).startsWith("{\"running\":false,");
        for (String command : new String[] {"stop", "health"}) {
            Ended ended = chela("gateway", command);
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err())
                    .startsWith("chela: no gateway is running on ")
                    .hasLineCount(1);
        }
    }

    /// An ended gateway leaves its file behind, and its process id may be another's by now.
    @Test
    void neverTakeAnotherProcessForTheGateway() throws Exception {
        Path lock = Files.createDirectories(folder.resolve("state")).resolve("chela.lock");
        Process innocent = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(lock, innocent.pid() + "\nws://127.0.0.1:1\n");
            assertThat(chela("gateway", "stop").err()).startsWith("chela: no gateway is running on ");
            assertThat(innocent.isAlive()).isTrue();
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void waitForARunningTurnAndSaySo() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    assertThat(goOn.await(SOON.toSeconds() * 6, TimeUnit.SECONDS))
                            .isTrue();
                    exchange.say("at last");
                });
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            Process asking = Launch.in(folder)
                    .chela("agent", "--message", "hi")
                    .start(folder.resolve("asked"), folder.resolve("err"));
            Patience.until(
                    SOON.multipliedBy(3),
                    gateway::log,
                    () -> !upstream.requests().isEmpty());
            Path said = folder.resolve("said");
            Process stopping = Launch.in(folder).chela("gateway", "stop").start(folder.resolve("out"), said);
            Patience.until(
                    SOON, () -> Patience.read(said), () -> Patience.read(said).startsWith("waiting for running"));
            goOn.countDown();
            assertThat(stopping.waitFor(SOON.toSeconds() * 3, TimeUnit.SECONDS)).isTrue();
            assertThat(stopping.exitValue()).isZero();
            assertThat(asking.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("asked")).hasContent("at last");
        }
    }
}
