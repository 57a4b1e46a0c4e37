package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole gateway in each mode, asked over both doors.
class AuthModesTest {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path folder = Path.of("unset");

    private GatewayPair gateway(String auth, Map<String, String> environment) throws Exception {
        String open = ", http: { endpoints: { chatCompletions: { enabled: true } } } }";
        return GatewayPair.with("gateway: { " + auth + open, folder, environment);
    }

    private static int chat(GatewayPair pair, String secret) throws Exception {
        return pair.chatAs(secret, CHAT).statusCode();
    }

    private static boolean connects(GatewayPair pair, String secret) throws Exception {
        var address = new GatewayAddress(
                URI.create("ws://127.0.0.1:" + pair.gateway().port()), Optional.of(new Secret(secret)));
        try {
            return AgentCommand.ask(address, Json.object().put("message", "hi").put("idempotencyKey", secret))
                    .path("ok")
                    .booleanValue(false);
        } catch (UsageException _) {
            return false;
        }
    }

    @Test
    void takesAPasswordOfTheEnvironmentAndMakesNoToken() throws Exception {
        try (var pair = gateway("auth: {}", Map.of("OPENCLAW_GATEWAY_PASSWORD", "correct horse"))) {
            assertThat(chat(pair, "correct horse")).isEqualTo(200);
            assertThat(chat(pair, "wrong")).isEqualTo(401);
            assertThat(connects(pair, "correct horse")).isTrue();
            assertThat(Files.exists(folder.resolve("state/token"))).isFalse();
            assertThat(StartBlock.lines(pair.gateway(), 1))
                    .anyMatch(line -> line.startsWith("  auth     the password"))
                    .anyMatch(line -> line.contains("Bearer $OPENCLAW_GATEWAY_PASSWORD"))
                    .noneMatch(line -> line.contains("correct horse"));
        }
    }

    @Test
    void takesEverybodyInModeNone() throws Exception {
        try (var pair = gateway("auth: { mode: none }", Map.of())) {
            assertThat(chat(pair, "whatever")).isEqualTo(200);
            assertThat(connects(pair, "whatever")).isTrue();
            assertThat(pair.chatAs("x", CHAT, "Origin", "https://evil.example").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void makesATokenBesideTheEntriesAndKeepsEachToItself() throws Exception {
        String auth = "auth: { tokens: [ { id: app, token: of-app, scopes: [operator.write] }, "
                + "{ id: watch, token: of-watch, scopes: [operator.read] } ] }";
        try (var pair = gateway(auth, Map.of())) {
            assertThat(pair.chat(CHAT).statusCode()).isEqualTo(200);
            assertThat(chat(pair, "of-app")).isEqualTo(200);
            assertThat(chat(pair, "of-watch")).isEqualTo(403);
            assertThat(connects(pair, "of-app")).isTrue();
        }
    }

    @Test
    void believesItsProxy() throws Exception {
        String auth = "trustedProxies: [127.0.0.1], "
                + "auth: { mode: trusted-proxy, trustedProxy: { userHeader: x-user, allowLoopback: true } }";
        try (var pair = gateway(auth, Map.of())) {
            assertThat(pair.chatAs("x", CHAT, "x-user", "nick", "x-forwarded-for", "203.0.113.7")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(pair.chatAs("x", CHAT, "x-user", "nick").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void limitsLoopbackTooAfterTenWrongSecrets() throws Exception {
        try (var pair = gateway("auth: {}", Map.of())) {
            for (int i = 0; i < 10; i++) {
                assertThat(chat(pair, "wrong-" + i)).isEqualTo(401);
            }
            var limited = pair.chatAs("wrong", CHAT);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("retry-after")).isPresent();
            assertThat(connects(pair, "wrong")).isFalse();
            assertThat(pair.chat(CHAT).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesToStartOpenWhenTheCommandLineSaysToListenBeyondThisMachine() throws Exception {
        Path file = Files.writeString(folder.resolve("c.yaml"), "gateway: { auth: { mode: none } }");
        var options = new GatewayOptions(
                Optional.of(file),
                Optional.of(0),
                Optional.of("lan"),
                Optional.of(folder.resolve("state")),
                Optional.empty());
        assertThatThrownBy(() -> new Wiring(options, Map.of(), Extensions.load(Optional.empty())).start())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("gateway.auth.mode: must not be none");
    }
}
