package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lines that people paste into a shell.
class CurlTest {
    /// As they stand on the page "OpenAI chat completions endpoint" of OpenClaw's documentation.
    private static final String ANSWER = "curl -sS http://127.0.0.1:18789/v1/chat/completions"
            + " -H 'Authorization: Bearer YOUR_TOKEN' -H 'Content-Type: application/json' -H 'x-openclaw-agent-id: main'"
            + " -d '{\"model\": \"openclaw\", \"messages\": [{\"role\":\"user\",\"content\":\"hi\"}]}'";

    private static final String STREAM = "curl -N http://127.0.0.1:18789/v1/chat/completions"
            + " -H 'Authorization: Bearer YOUR_TOKEN' -H 'Content-Type: application/json' -H 'x-openclaw-agent-id: main'"
            + " -d '{\"model\": \"openclaw\", \"stream\": true,"
            + " \"messages\": [{\"role\":\"user\",\"content\":\"hi\"}]}'";

    @TempDir
    private Path folder = Path.of("unset");

    /// Another gateway may be on the usual port of this machine, so only the port and the token are put in.
    private static String filledIn(String line, Image gateway) {
        return line.replace("18789", Integer.toString(gateway.port())).replace("YOUR_TOKEN", gateway.token());
    }

    private static String tryIt(Image gateway) {
        return gateway.output()
                .lines()
                .filter(line -> line.startsWith("  try "))
                .map(line -> line.replaceFirst("  try +", ""))
                .findFirst()
                .orElseThrow();
    }

    private static void saysHello(Ended ended) {
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(Json.readObject(ended.out()).at("/choices/0/message/content").stringValue())
                .isEqualTo("Echo: hi");
    }

    private Ended shell(String line) throws Exception {
        return Program.in(folder, "sh", "-c", line).run();
    }

    @Test
    void answersTheCallsOfTheEndpointsPage() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            saysHello(shell(filledIn(ANSWER, gateway)));
            Ended stream = shell(filledIn(STREAM, gateway));
            assertThat(stream.exit()).as(stream.err()).isZero();
            assertThat(stream.out().lines().filter(line -> !line.isEmpty()))
                    .allMatch(line -> line.startsWith("data: "))
                    .anyMatch(line -> line.contains("\"content\":\"hi\""))
                    .last()
                    .isEqualTo("data: [DONE]");
        }
    }

    @Test
    void answersTheLineOfTheStartBlockAsItIs() throws Exception {
        Path state = folder.resolve("it's my state");
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder)
                        .with("CHELA_STATE_DIR", state.toString())
                        .start(EchoUpstream.config(upstream))) {
            saysHello(shell(tryIt(gateway)));
        }
    }

    @Test
    void answersTheLineOfTheStartBlockInItsUsualFolder() throws Exception {
        Path state = Files.createDirectory(folder.resolve(".chela"));
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder)
                        .with("CHELA_STATE_DIR", state.toString())
                        .start(EchoUpstream.config(upstream))) {
            assertThat(tryIt(gateway)).contains("$(cat ~/.chela/token)");
            saysHello(shell(tryIt(gateway)));
        }
    }

    @Test
    void answersTheLineOfTheStartBlockWithATokenOfTheEnvironment() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder)
                        .with("OPENCLAW_GATEWAY_TOKEN", "of-the-environment")
                        .start(EchoUpstream.config(upstream))) {
            assertThat(tryIt(gateway)).doesNotContain("of-the-environment");
            saysHello(Program.in(folder, "sh", "-c", tryIt(gateway))
                    .with("OPENCLAW_GATEWAY_TOKEN", "of-the-environment")
                    .run());
        }
    }
}
