package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.chela.api.Secret;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.auth.Origins;
import io.chela.auth.RateLimit;
import io.chela.auth.SecretHash;
import io.chela.auth.TokenAuth;
import io.chela.auth.TokenEntry;
import io.chela.auth.TrustedProxies;
import io.chela.testkit.FakeModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What becomes of open sockets when credentials change.
class ChangedCredentialsTest {
    private static final String APP = "app-token-1";
    private static final String CHANGED = "4001 gateway auth changed";

    private static TokenEntry app(Optional<Instant> expires, Scope... scopes) {
        return new TokenEntry(SecretHash.of(APP), new Principal("app", Set.of(scopes), Set.of()), expires);
    }

    private static Authenticator granting(Set<String> pages, TokenEntry... entries) {
        return new Authenticator(
                Optional.of(new TokenAuth(new Secret(Talk.TOKEN), List.of(entries))),
                Optional.empty(),
                new AuthRules(RateLimit.DEFAULTS, TrustedProxies.NONE, new Origins(pages), Clock.systemUTC()));
    }

    private static Talk talk() {
        return Talk.with(FakeModel.saying("ok"), granting(Set.of(), app(Optional.empty(), Scope.READ, Scope.WRITE)));
    }

    private static boolean answers(Talk.Peer peer) throws Exception {
        return peer.call("health", Json.object()).path("ok").booleanValue(false);
    }

    @Test
    void aTokenThatIsTakenAwayLosesItsSocketsAndTheOthersStay() throws Exception {
        try (Talk talk = talk()) {
            Talk.Peer app = talk.connectWith(APP, "operator.read");
            Talk.Peer own = talk.connect("operator.read");
            talk.replace(granting(Set.of()));
            assertThat(app.closing()).isEqualTo(CHANGED);
            assertThat(answers(own)).isTrue();
        }
    }

    @Test
    void aTokenThatGrantsTheSameStaysConnected() throws Exception {
        try (Talk talk = talk()) {
            Talk.Peer app = talk.connectWith(APP, "operator.read");
            talk.replace(granting(Set.of("https://ui.example"), app(Optional.empty(), Scope.WRITE, Scope.READ)));
            assertThat(answers(app)).isTrue();
        }
    }

    @Test
    void aTokenWhoseScopesShrinkDoesNotKeepTheWiderOnes() throws Exception {
        try (Talk talk = talk()) {
            Talk.Peer app = talk.connectWith(APP, "operator.write");
            talk.replace(granting(Set.of(), app(Optional.empty(), Scope.READ)));
            assertThat(app.closing()).isEqualTo(CHANGED);
        }
    }

    @Test
    void aTokenThatHasExpiredByTheChangeLosesItsSockets() throws Exception {
        try (Talk talk = talk()) {
            Talk.Peer app = talk.connectWith(APP, "operator.read");
            var past = Instant.now().minus(Duration.ofMinutes(1));
            talk.replace(granting(Set.of(), app(Optional.of(past), Scope.READ, Scope.WRITE)));
            assertThat(app.closing()).isEqualTo(CHANGED);
        }
    }

    @Test
    void aPageThatMayNotComeAnyMoreLosesItsSockets() throws Exception {
        var entry = app(Optional.empty(), Scope.READ);
        try (Talk talk = Talk.with(FakeModel.saying("ok"), granting(Set.of("https://ui.example"), entry))) {
            Talk.Peer page = talk.open("Origin", "https://ui.example");
            page.frame();
            page.call("connect", Talk.Peer.connectParams(APP));
            talk.replace(granting(Set.of(), entry));
            assertThat(page.closing()).isEqualTo(CHANGED);
        }
    }

    @Test
    void aRunGoesOnWhenItsCallersTokenIsTakenAway() throws Exception {
        var model = FakeModel.saying("ok");
        try (Talk talk = Talk.with(model, granting(Set.of(), app(Optional.empty(), Scope.READ, Scope.WRITE)))) {
            Talk.Peer app = talk.connectWith(APP, "operator.write");
            app.request("agent", Json.object().put("message", "hi").put("idempotencyKey", "run-1"));
            talk.replace(granting(Set.of()));
            assertThat(app.closing()).isEqualTo(CHANGED);
            assertThat(talk.gateway().runtime().runs().awaitIdle(Duration.ofSeconds(10)))
                    .isTrue();
        }
    }
}
