package io.chela.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.Scope;
import io.chela.api.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private final Authenticator authenticator = new Authenticator(new TokenAuth(new Secret("a-right-token")));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a-right-token", "bearer a-right-token", "BEARER   a-right-token  "})
    void grantsTheOperatorEveryScopeForTheRightToken(String header) {
        assertThat(authenticator.check(Optional.of(header))).isEqualTo(new AuthResult.Granted(Principal.operator()));
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
        assertThat(authenticator.check(Optional.of(header)))
                .isEqualTo(new AuthResult.Denied(new Problem.Unauthenticated()));
    }

    @Test
    void deniesAMissingHeader() {
        assertThat(authenticator.check(Optional.empty()))
                .isEqualTo(new AuthResult.Denied(new Problem.Unauthenticated()));
    }

    @Test
    void answersTheSameWhenItRemembers() {
        var first = authenticator.checkSecret("a-right-token");
        assertThat(authenticator.checkSecret("a-right-token")).isEqualTo(first);
        assertThat(authenticator.checkSecret("another")).isInstanceOf(AuthResult.Denied.class);
    }

    @Test
    void carriesScopesAndAgentsThroughHelidonsSubject() {
        var limited = new Principal(
                "reader", java.util.Set.of(Scope.READ), java.util.Set.of(new io.chela.api.AgentId("main")));
        assertThat(Subjects.principal(Subjects.subject(limited))).isEqualTo(limited);
    }
}
