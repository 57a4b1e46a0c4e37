package io.chela.app;

import static io.chela.app.ConfigText.HI;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a configuration that is read again needs the gateway to be started again.
class RereadingRestartTest {
    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void whatNeedsARestartIsToldOnceAndTheRestIsApplied() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            String next = ConfigText.of(upstream.baseUrl())
                    .auth("mode: password, password: another-secret, tokens: [ { id: app, token: app-token-2 } ]")
                    .rest("session: { store: postgres }")
                    .yaml()
                    .replace("gateway:\n", "gateway:\n  bind: 127.0.0.2\n  port: 1\n");
            pair.reread(next);
            pair.gateway().reread();
            pair.reread(next.replace("id: main", "id: other"));
            // The port is given on the command line, so the file's does not count.
            assertThat(pair.log().message("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password, gateway.bind, session.store");
            assertThat(pair.status("app-token-2")).isEqualTo(200);
            assertThat(pair.status("another-secret")).isEqualTo(401);
            assertThat(pair.chat(HI).headers().firstValue("x-openclaw-agent-id"))
                    .contains("other");
            pair.reread(ConfigText.of(upstream.baseUrl()).yaml());
            pair.reread(next);
            Eventually.holds(() -> pair.log().count("started again") == 2);
        }
    }

    @Test
    void whatGoesWithTheModeWaitsWithItAndIsNotSaidToHaveChanged() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(
                        ConfigText.of(upstream.baseUrl())
                                .auth("token: first-token")
                                .yaml(),
                        folder)) {
            String next = ConfigText.of(upstream.baseUrl())
                    .auth("password: second-secret")
                    .agents("{ id: other }")
                    .yaml()
                    .replace("gateway:\n", """
                            gateway:
                              trustedProxies: [ 127.0.0.1 ]
                              controlUi: { allowedOrigins: [ "https://new.example" ] }
                            """);
            pair.reread(next);
            pair.gateway().reread();
            assertThat(pair.log().message("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password, gateway.auth.token,"
                            + " gateway.controlUi.allowedOrigins, gateway.trustedProxies");
            assertThat(pair.log().message("was read again")).endsWith("changed: agents.list[0].id");
            assertThat(pair.log().count("started again")).isEqualTo(1);
            assertThat(pair.status("first-token")).isEqualTo(200);
            assertThat(pair.status("second-secret")).isEqualTo(401);

            pair.reread(next.replace("second-secret", "third-secret"));
            Eventually.holds(() -> pair.log().count("started again") == 2);
            assertThat(pair.log().count("was read again")).isEqualTo(1);
        }
    }

    @Test
    void whatWaitedIsInForceOnceTheModeIsAsItWas() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            String[] page = {"x-forwarded-for", "192.0.2.1"};
            Path variables = Files.writeString(folder.resolve(".env"), "OPENCLAW_GATEWAY_PASSWORD=only-a-secret\n");
            pair.reread(ConfigText.of(upstream.baseUrl())
                    .auth("rateLimit: { maxAttempts: 1, exemptLoopback: false }")
                    .yaml()
                    .replace("gateway:", "gateway:\n  trustedProxies: [ 127.0.0.1 ]"));
            assertThat(pair.log().message("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password, gateway.trustedProxies");
            assertThat(pair.log().message("was read again"))
                    .doesNotContain("OPENCLAW_GATEWAY_PASSWORD", "gateway.trustedProxies");
            Files.delete(variables);
            pair.gateway().reread();
            assertThat(pair.chatAs("wrong", HI, page).statusCode()).isEqualTo(401);
            // The page's address is limited and not the proxy's, whose word counts now.
            assertThat(pair.chatAs("wrong", HI, page).statusCode()).isEqualTo(429);
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
        }
    }
}
