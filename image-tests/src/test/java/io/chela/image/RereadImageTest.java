package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway whose configuration changes while it runs.
class RereadImageTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("unset");

    private static void hangUp(Image gateway) throws Exception {
        var kill = new ProcessBuilder("kill", "-HUP", Long.toString(gateway.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static String agent(Caller caller) {
        try {
            return caller.say("hi").headers().firstValue("x-openclaw-agent-id").orElse("");
        } catch (Exception e) {
            throw new AssertionError("the gateway does not answer", e);
        }
    }

    /// Puts another text in the place of the file, all of it at once.
    private void replace(String config) throws Exception {
        Path next = Files.writeString(folder.resolve("next.yaml"), config);
        Files.move(next, folder.resolve("gateway.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void readsItWhenItChangesAndWhenAskedByASignalWhichDoesNotEndIt() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            assertThat(agent(caller)).isEqualTo("main");
            hangUp(gateway); // with nothing to read
            replace(EchoUpstream.config(upstream).replace("id: main", "id: second"));
            hangUp(gateway);
            Patience.until(SOON, gateway::log, () -> agent(caller).equals("second"));
            replace(EchoUpstream.config(upstream).replace("id: main", "id: third"));
            Patience.until(SOON, gateway::log, () -> agent(caller).equals("third"));
            replace("agents: [");
            Patience.until(SOON, gateway::log, () -> gateway.log().contains("stays in force"));
            assertThat(agent(caller)).isEqualTo("third");
            assertThat(gateway.log())
                    .contains("changed: agents.list[0].id")
                    .doesNotContain("Exception", gateway.token());
            assertThat(gateway.stop()).isZero();
        }
    }
}
