package io.chela.app;

import static io.chela.app.ConfigText.HI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is let in, and stays, when the configuration is read again.
class RereadingAccessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void anAddressThatIsLimitedStaysSo() throws Exception {
        var text = ConfigText.of("http://127.0.0.1:1/v1");
        String few =
                text.auth("rateLimit: { maxAttempts: 2, lockoutMs: 600000 }").yaml();
        try (var pair = GatewayPair.with(few, folder)) {
            assertThat(pair.status("wrong-1")).isEqualTo(401);
            assertThat(pair.status("wrong-2")).isEqualTo(401);
            pair.reread(text.auth("rateLimit: { maxAttempts: 3, lockoutMs: 600000 }")
                    .yaml());
            assertThat(pair.status("wrong-3")).isEqualTo(429);
        }
    }

    @Test
    void aSocketAndAReaderOfEventsLoseTheirPlaceWithTheirTokenAndOthersKeepIt() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder);
                var http = HttpClient.newHttpClient();
                var mine = GatewayClient.connect(pair.address(), "operator.read");
                var theirs = GatewayClient.connect(pair.address("app-token-1"), "operator.read")) {
            var events = http.send(pair.request("/v1/events", "app-token-1").build(), BodyHandlers.ofInputStream());
            assertThat(events.statusCode()).isEqualTo(200);
            pair.reread(ConfigText.of(upstream.baseUrl()).auth("tokens: []").yaml());
            assertThat(events.body().readAllBytes()).isEmpty();
            assertThat(catchThrowableOfType(UsageException.class, () -> theirs.response("none", PATIENCE))
                            .text())
                    .contains("gateway auth changed");
            mine.send("2", "health", Json.object());
            assertThat(GatewayRefusal.ok(mine.response("2", PATIENCE))
                            .path("ok")
                            .booleanValue(false))
                    .isTrue();
        }
    }

    @Test
    void theGatewaysOwnTokenIsReadAgainFromItsFile() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
            Files.writeString(folder.resolve("state/token"), "rotated-by-hand-0123456789\n");
            pair.gateway().reread();
            assertThat(pair.chat(HI).statusCode()).isEqualTo(401);
            assertThat(pair.status("rotated-by-hand-0123456789")).isEqualTo(200);
            assertThat(pair.log().message("state/token")).contains("changed: ");
        }
    }
}
