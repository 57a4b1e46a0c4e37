package io.chela.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.Scope;
import io.chela.api.Secret;
import io.chela.testkit.MovableClock;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.spi.AuthenticationProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final AuthResult DENIED = new AuthResult.Denied(new Problem.Unauthenticated());
    private static final Principal READER = new Principal("reader", Set.of(Scope.READ), Set.of(new AgentId("main")));

    private final MovableClock clock = new MovableClock(NOW);
    private final Authenticator authenticator = authenticator(new TokenAuth(
            new Secret("a-right-token"),
            List.of(
                    new TokenEntry(SecretHash.of("of-reader"), READER, Optional.of(NOW.plusSeconds(60))),
                    new TokenEntry(SecretHash.of("of-app"), app(), Optional.empty()))));

    private static Principal app() {
        return new Principal("app", Set.of(Scope.WRITE), Set.of());
    }

    private Authenticator authenticator(AuthenticationProvider provider) {
        return new Authenticator(Optional.of(provider), Optional.empty(), AuthRules.defaults(clock));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a-right-token", "bearer a-right-token", "BEARER   a-right-token  "})
    void grantsTheOperatorEveryScopeForTheRightToken(String header) {
        assertThat(authenticator.check(Claims.from(Claims.HERE, "authorization", header)))
                .isEqualTo(new AuthResult.Granted(Principal.operator()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer a-right-tokem",
                "Bearer a-right-token-and-more",
                "Bearer a-right-toke",
                "Bearer ",
                "Basic a-right-token",
                "a-right-token",
                "",
            })
    void deniesEveryOtherHeader(String header) {
        assertThat(authenticator.check(Claims.from(Claims.HERE, "authorization", header)))
                .isEqualTo(DENIED);
    }

    @Test
    void deniesAMissingHeader() {
        assertThat(authenticator.check(Claims.from(Claims.HERE))).isEqualTo(DENIED);
    }

    @Test
    void takesAPasswordWithSpacesInside() {
        assertThat(authenticator(new TokenAuth(new Secret("correct horse battery")))
                        .check(Claims.bearer("correct horse battery ")))
                .isInstanceOf(AuthResult.Granted.class);
    }

    @Test
    void grantsEachEntryAsItsOwnPrincipal() {
        assertThat(authenticator.check(Claims.bearer("of-reader")))
                .isEqualTo(new AuthResult.Granted(READER, Optional.of(NOW.plusSeconds(60))));
        assertThat(authenticator.check(Claims.bearer("of-app"))).isEqualTo(new AuthResult.Granted(app()));
    }

    @Test
    void refusesAnExpiredCredentialAtOnceThoughItIsRemembered() {
        assertThat(authenticator.check(Claims.bearer("of-reader"))).isInstanceOf(AuthResult.Granted.class);
        clock.pass(Duration.ofSeconds(60));
        assertThat(authenticator.check(Claims.bearer("of-reader"))).isEqualTo(DENIED);
        for (int i = 0; i < 2 * RateLimit.DEFAULTS.maxAttempts(); i++) {
            assertThat(authenticator.check(Claims.bearer("of-reader")))
                    .as("it is not a wrong one, and limits nobody")
                    .isEqualTo(DENIED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "of-app, operator.read, operator.read",
                "of-app, 'operator.read , operator.write', operator.read operator.write",
                "of-app, '', ''",
                "of-app, operator.admin, ''",
                "of-app, what.ever, ''",
                "of-app, -, operator.write",
            })
    void narrowsTheScopesOfAnEntryAndNeverWidensThem(String secret, String asked, String left) {
        Claim claim = asked == null
                ? Claims.bearer(secret)
                : Claims.from(Claims.HERE, "authorization", "Bearer " + secret, "x-openclaw-scopes", asked);
        assertThat(authenticator.check(claim))
                .isInstanceOfSatisfying(
                        AuthResult.Granted.class,
                        granted -> assertThat(granted.principal().scopes())
                                .extracting(Scope::wire)
                                .containsExactlyInAnyOrder(left.isEmpty() ? new String[0] : left.split(" ")));
    }

    @Test
    void doesNotNarrowTheSharedToken() {
        var claim =
                Claims.from(Claims.HERE, "authorization", "Bearer a-right-token", "x-openclaw-scopes", "operator.read");
        assertThat(authenticator.check(claim)).isEqualTo(new AuthResult.Granted(Principal.operator()));
    }

    @Test
    void takesEverybodyWhenOpenAndNarrows() {
        var open = new Authenticator(Optional.empty(), Optional.of(new OpenAuth()), AuthRules.defaults(clock));
        assertThat(open.isOpen()).isTrue();
        assertThat(open.check(Claims.from(Claims.HERE))).isEqualTo(new AuthResult.Granted(Principal.operator()));
        assertThat(open.check(Claims.bearer("whatever"))).isEqualTo(new AuthResult.Granted(Principal.operator()));
        assertThat(open.check(Claims.from(Claims.HERE, "x-openclaw-scopes", "")))
                .isEqualTo(new AuthResult.Granted(new Principal("operator", Set.of(), Set.of())));
    }

    @Test
    void takesTheSecretOfAConnectOverTheHeadersOfItsUpgrade() {
        var upgrade = Claims.bearer("of-app");
        assertThat(authenticator.check(upgrade.withSecret(Optional.of("of-reader"))))
                .isInstanceOfSatisfying(
                        AuthResult.Granted.class,
                        granted -> assertThat(granted.principal()).isEqualTo(READER));
        assertThat(authenticator.check(upgrade.withSecret(Optional.empty()))).isEqualTo(DENIED);
    }

    @Test
    void asksAgainAfterAWhileSoThatARevokedCredentialEnds() {
        var asked = new AtomicInteger();
        AuthenticationProvider once = _ -> asked.getAndIncrement() == 0
                ? AuthenticationResponse.success(Subjects.subject(Identity.of(READER)))
                : AuthenticationResponse.failed("revoked");
        var revocable = authenticator(once);
        assertThat(revocable.check(Claims.bearer("s"))).isInstanceOf(AuthResult.Granted.class);
        assertThat(revocable.check(Claims.bearer("s"))).isInstanceOf(AuthResult.Granted.class);
        assertThat(asked).hasValue(1);
        clock.pass(Remembered.HOLDS.plusSeconds(1));
        assertThat(revocable.check(Claims.bearer("s"))).isEqualTo(DENIED);
    }

    @Test
    void carriesAnIdentityThroughHelidonsSubject() {
        var identity = new Identity(READER, Optional.of(NOW), true);
        assertThat(Subjects.identity(Subjects.subject(identity))).isEqualTo(identity);
        assertThat(Subjects.identity(Subjects.subject(Identity.shared()))).isEqualTo(Identity.shared());
    }

    @Test
    void readsHashesInTheirOneForm() {
        String hex = "2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B";
        assertThat(SecretHash.parse("sha256:" + hex)).contains(SecretHash.of("secret"));
        assertThat(List.of("sha256:" + hex.substring(1), hex, "md5:" + hex, "sha256:" + hex + "0", ""))
                .allSatisfy(text -> assertThat(SecretHash.parse(text)).isEmpty());
    }
}
