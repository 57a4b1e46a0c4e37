package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenClaw's own command line, with a home and a state folder that it has never seen.
class OpenClawCliTest {
    /// A command takes 4 to 12 s.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder = Path.of("unset");

    @BeforeEach
    void installsOnlyWhereItMay() {
        Machine.needsCi("OpenClaw's command line, 900 MB from npm,");
    }

    private Program openclaw(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openclaw"));
        command.addAll(List.of(arguments));
        return Clients.ofNpm()
                .program(Files.createTempDirectory(folder, "home"), command)
                .with(
                        "OPENCLAW_STATE_DIR",
                        Files.createTempDirectory(folder, "openclaw").toString())
                .within(PATIENCE);
    }

    private static String url(Image gateway) {
        return "ws://127.0.0.1:" + gateway.port();
    }

    @Test
    void findsTheGatewayHealthy() throws Exception {
        try (Image gateway = Launch.in(folder).start("{}")) {
            Ended ended = openclaw("gateway", "health", "--url", url(gateway), "--token", gateway.token())
                    .run();
            assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
            assertThat(ended.out()).contains("OK");
        }
    }

    @Test
    void printsTheReplyOfAnAgent() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            Ended ended = openclaw("agent", "--agent", "main", "-m", "hi")
                    .with("OPENCLAW_GATEWAY_URL", url(gateway))
                    .with("OPENCLAW_GATEWAY_TOKEN", gateway.token())
                    .run();
            assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
            assertThat(ended.out()).contains("Echo:").contains("hi");
        }
    }

    @Test
    void isRefusedWithAWrongToken() throws Exception {
        try (Image gateway = Launch.in(folder).start("{}")) {
            Ended ended = openclaw("gateway", "health", "--url", url(gateway), "--token", "not-the-token")
                    .run();
            assertThat(ended.exit()).as(ended.out() + ended.err()).isNotZero();
            assertThat(ended.out() + ended.err()).containsPattern("(?i)unauthorized|mismatch");
        }
    }
}
