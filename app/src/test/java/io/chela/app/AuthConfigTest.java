package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.chela.api.spi.Settings;
import io.chela.auth.SecretHash;
import io.chela.auth.TokenEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthConfigTest {
    @TempDir
    private Path folder = Path.of("unset");

    private record Read(AuthConfig auth, List<String> mistakes) {}

    private Read read(String gateway, Map<String, String> environment) throws IOException {
        String yaml = "gateway: " + gateway + "\nagents: { list: [ { id: main }, { id: coder } ] }\n";
        ConfigFile file = ConfigFile.read(Files.writeString(folder.resolve("c.yaml"), yaml), environment, folder);
        Settings settings = Settings.of(file.config());
        GatewayConfig config = GatewayConfig.read(settings, file.config());
        List<String> mistakes = new ArrayList<>(file.mistakes());
        var sources = new OwnSecrets.Sources(environment, environment.keySet(), Optional.empty(), mistakes);
        AuthConfig auth = AuthConfig.read(settings, config.agents(), config.bind(), sources);
        mistakes.addAll(settings.mistakes());
        return new Read(auth, mistakes);
    }

    private AuthConfig good(String gateway) throws IOException {
        return good(gateway, Map.of());
    }

    private AuthConfig good(String gateway, Map<String, String> environment) throws IOException {
        Read read = read(gateway, environment);
        assertThat(read.mistakes()).isEmpty();
        return read.auth();
    }

    private static boolean has(AuthConfig config, String secret) {
        return config.own().orElseThrow().secret().matches(secret);
    }

    @Test
    void takesATokenUnlessOnlyAPasswordIsThere() throws IOException {
        assertThat(good("{}").mode()).isEqualTo(AuthMode.TOKEN);
        assertThat(good("{ auth: { token: t } }").mode()).isEqualTo(AuthMode.TOKEN);
        assertThat(good("{ auth: { password: p } }").mode()).isEqualTo(AuthMode.PASSWORD);
        assertThat(good("{}", Map.of("OPENCLAW_GATEWAY_PASSWORD", "p")).mode()).isEqualTo(AuthMode.PASSWORD);
    }

    @Test
    void letsTheFileWinOverTheEnvironment() throws IOException {
        var environment = Map.of("OPENCLAW_GATEWAY_TOKEN", "of-env", "OPENCLAW_GATEWAY_PASSWORD", "pass-of-env");
        assertThat(has(good("{ auth: { mode: token, token: of-file } }", environment), "of-file"))
                .isTrue();
        assertThat(has(good("{ auth: { mode: token } }", environment), "of-env"))
                .isTrue();
        assertThat(has(good("{ auth: { mode: password, password: of-file } }", environment), "of-file"))
                .isTrue();
        assertThat(has(good("{ auth: { mode: password } }", environment), "pass-of-env"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ auth: { mode: magic } } | gateway.auth.mode: must be token, password, none or trusted-proxy",
                "{ auth: { token: t, password: p } } | gateway.auth.mode: is missing",
                "{ auth: { mode: password } } | gateway.auth.password: is missing",
                "{ auth: { token: '' } } | gateway.auth.token: must not be blank",
                "{ auth: { mode: password, password: '  ' } } | gateway.auth.password: must not be blank",
                "{ auth: { token: undefined } } | gateway.auth.token: must not be the word 'undefined'",
                "{ auth: { token: 'null' } } | gateway.auth.token: must not be the word 'null'",
                "{ auth: { token: change-me-to-a-long-random-token } } | gateway.auth.token: must not be the placeholder",
                "{ auth: { mode: password, password: change-me-now } } | gateway.auth.password: must not be the placeholder",
                "{ bind: lan, auth: { mode: none } } | gateway.auth.mode: must not be none",
                "{ bind: gw.example, auth: { mode: none } } | gateway.auth.mode: must not be none",
                "{ auth: { mode: none, tokens: [ { id: a, token: t } ] } } | gateway.auth.tokens: has no effect",
                "{ auth: { mode: trusted-proxy } } | gateway.trustedProxies: must name the proxy",
                "{ auth: { mode: trusted-proxy } } | gateway.auth.trustedProxy.userHeader: must name the header",
                "{ auth: { mode: trusted-proxy, token: t } } | gateway.auth.mode: must not be trusted-proxy together",
                "{ trustedProxies: [proxy.example] } | gateway.trustedProxies: must be addresses",
                "{ trustedProxies: ['0.0.0.0/0'] } | gateway.trustedProxies: must be addresses",
                "{ auth: { rateLimit: { maxAttempts: 0 } } } | gateway.auth.rateLimit.maxAttempts: must be",
                "{ auth: { rateLimit: { colour: red } } } | gateway.auth.rateLimit.colour: unknown key",
                "{ auth: { tokens: [ { token: t } ] } } | gateway.auth.tokens[0].id: is missing",
                "{ auth: { tokens: [ { id: operator, token: t } ] } } | gateway.auth.tokens[0].id: is reserved",
                "{ auth: { tokens: [ { id: 'user:nick', token: t } ] } } | gateway.auth.tokens[0].id: is reserved",
                "{ auth: { tokens: [ { id: 'a b', token: t } ] } } | gateway.auth.tokens[0].id: must match",
                "{ auth: { tokens: [ { id: a, token: t }, { id: a, token: u } ] } } | gateway.auth.tokens[1].id: is the id",
                "{ auth: { tokens: [ { id: a, token: t }, { id: b, token: t } ] } } | gateway.auth.tokens[1].token: is another",
                "{ auth: { token: t, tokens: [ { id: a, token: t } ] } } | gateway.auth.tokens: has an entry",
                "{ auth: { tokens: [ { id: a } ] } } | gateway.auth.tokens[0].token: is missing",
                "{ auth: { tokens: [ { id: a, token: undefined } ] } } | gateway.auth.tokens[0].token: must not be the word",
                "{ auth: { tokens: [ { id: a, tokenHash: 'sha256:12' } ] } } | gateway.auth.tokens[0].tokenHash: must be",
                "{ auth: { tokens: [ { id: a, token: t, scopes: [operator.fly] } ] } } | gateway.auth.tokens[0].scopes: has no",
                "{ auth: { tokens: [ { id: a, token: t, agents: [ghost] } ] } } | gateway.auth.tokens[0].agents: has no agent",
                "{ auth: { tokens: [ { id: a, token: t, agents: [] } ] } } | gateway.auth.tokens[0].agents: must name",
                "{ auth: { tokens: [ { id: a, token: t, expires: soon } ] } } | gateway.auth.tokens[0].expires: must be",
            })
    void refusesWhatWouldLeaveItOpenOrCannotBe(String gateway, String mistake) throws IOException {
        assertThat(read(gateway, Map.of()).mistakes()).anyMatch(text -> text.startsWith(mistake));
    }

    @ParameterizedTest
    @ValueSource(strings = {"   ", "undefined", "null", "change-me-to-a-strong-password"})
    void refusesASecretOfTheEnvironmentThatIsNone(String secret) throws IOException {
        assertThat(read("{}", Map.of("OPENCLAW_GATEWAY_PASSWORD", secret)).mistakes())
                .anyMatch(text -> text.startsWith("OPENCLAW_GATEWAY_PASSWORD: must not"));
        assertThat(read("{ auth: { mode: trusted-proxy } }", Map.of("OPENCLAW_GATEWAY_TOKEN", "t"))
                        .mistakes())
                .anyMatch(text -> text.startsWith("gateway.auth.mode: must not be trusted-proxy together"));
    }

    @Test
    void neverRepeatsASecretInAMistake() throws IOException {
        assertThat(String.join(
                        "\n",
                        read("{ auth: { token: \" s3cret\", tokens: [ { id: a, token: \"s3cret \" } ] } }", Map.of())
                                .mistakes()))
                .contains("must not begin or end with a blank")
                .doesNotContain("s3cret");
    }

    @Test
    void readsEntries() throws IOException {
        String hash = SecretHash.of("b").hex();
        AuthConfig config = good("""
                { auth: { tokens: [
                  { id: a, token: t, scopes: [operator.admin], agents: [Coder], expires: "2027-01-31T05:30:00+05:30" },
                  { id: b, tokenHash: "sha256:%s", scopes: [] },
                  { id: c, token: u, expires: 2027-01-31T00:00:00Z } ] } }
                """.formatted(hash));
        var midnight = Optional.of(Instant.parse("2027-01-31T00:00:00Z"));
        assertThat(config.entries())
                .containsExactly(
                        new TokenEntry(
                                SecretHash.of("t"),
                                new Principal("a", Set.of(Scope.ADMIN), Set.of(new AgentId("coder"))),
                                midnight),
                        new TokenEntry(SecretHash.of("b"), new Principal("b", Set.of(), Set.of()), Optional.empty()),
                        new TokenEntry(
                                SecretHash.of("u"),
                                new Principal("c", Set.of(Scope.READ, Scope.WRITE), Set.of()),
                                midnight));
    }

    @Test
    void readsTheLimitAndTheProxies() throws IOException {
        AuthConfig config = good("""
                { trustedProxies: [10.0.0.0/8, "::1"], allowRealIpFallback: true,
                  controlUi: { allowedOrigins: ["https://ui.example"] },
                  auth: { mode: trusted-proxy, password: local,
                    rateLimit: { maxAttempts: 5, windowMs: 1000, lockoutMs: 2000, exemptLoopback: true },
                    trustedProxy: { userHeader: x-user, requiredHeaders: [x-a], allowUsers: [n], allowLoopback: true } } }
                """);
        assertThat(config.rateLimit().maxAttempts()).isEqualTo(5);
        assertThat(config.rateLimit().lockout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.rateLimit().exemptLoopback()).isTrue();
        assertThat(config.proxy().orElseThrow().requiredHeaders()).containsExactly("x-a");
        assertThat(config.proxies().isEmpty()).isFalse();
        assertThat(config.origins().allow("https://ui.example", "x", true)).isTrue();
        assertThat(has(config, "local")).isTrue();
    }

    @Test
    void trustsWhomTheModeInForceTrustsWhileAnotherModeWaits() throws IOException {
        AuthConfig now = good("{ auth: { token: a } }");
        AuthConfig open = good("{ auth: { mode: none }, controlUi: { allowedOrigins: [ 'https://ui.example' ] },"
                + " trustedProxies: [ 10.0.0.7 ] }");
        AuthConfig kept = open.keeping(now);
        assertThat(kept.mode()).isEqualTo(AuthMode.TOKEN);
        assertThat(kept.proxies().isEmpty()).isTrue();
        assertThat(kept.origins()).isSameAs(now.origins());

        AuthConfig next = good("{ auth: { token: b }, trustedProxies: [ 10.0.0.7 ] }");
        assertThat(next.keeping(now)).isSameAs(next);
    }
}
