package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.chela.api.Secret;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.auth.OpenAuth;
import io.chela.auth.Origins;
import io.chela.auth.ProxyAuth;
import io.chela.auth.RateLimit;
import io.chela.auth.SecretHash;
import io.chela.auth.TokenAuth;
import io.chela.auth.TokenEntry;
import io.chela.auth.TrustedProxies;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Credentials over WebSocket: the same as over HTTP, and what ends with them.
class WsAuthTest {
    private static final String WRITE = "operator.write";
    private static final String ADMIN = "operator.admin";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int ATTEMPTS = 2;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-25T12:00:00Z"));

    private Authenticator entries() {
        return new Authenticator(
                Optional.of(new TokenAuth(
                        new Secret(Talk.TOKEN),
                        List.of(
                                entry("alice", Optional.empty()),
                                entry("bob", Optional.empty()),
                                entry("brief", Optional.of(clock.instant().plus(LIFE)))))),
                Optional.empty(),
                rules());
    }

    private static TokenEntry entry(String id, Optional<Instant> expires) {
        return new TokenEntry(SecretHash.of("of-" + id), new Principal(id, Set.of(Scope.WRITE), Set.of()), expires);
    }

    private AuthRules rules() {
        var limit =
                new RateLimit(ATTEMPTS, Duration.ofMinutes(1), Duration.ofMinutes(5), false, Duration.ofMillis(50), 8);
        return new AuthRules(
                limit,
                TrustedProxies.of(List.of("127.0.0.1"), false),
                new Origins(Set.of("https://ui.example")),
                clock);
    }

    private static ObjectNode message(String key) {
        return Json.object().put("message", "hi").put("idempotencyKey", key).put("sessionKey", "trip");
    }

    private static ObjectNode refused(Talk talk, String token) throws Exception {
        var peer = talk.open();
        peer.frame();
        return peer.call("connect", Talk.Peer.connectParams(token));
    }

    @Test
    void keepsRunsAndEventsToThePrincipalThatMadeThem() throws Exception {
        var model = FakeModel.saying("ok");
        try (var talk = Talk.with(model, entries())) {
            var alice = talk.connectWith("of-alice", WRITE);
            var bob = talk.connectWith("of-bob", WRITE);
            var operator = talk.connectWith(Talk.TOKEN, ADMIN);
            assertThat(run(alice, "one")).isEqualTo("ok");
            var unknown = bob.call("agent.wait", Json.object().put("runId", "one"));
            assertThat(unknown.at("/payload/known").booleanValue(true)).isFalse();
            assertThat(endings(bob)).isZero();

            assertThat(run(bob, "one")).as("his own run of that name").isEqualTo("ok");
            assertThat(model.prompts()).hasSize(2);
            assertThat(model.prompts().get(1).messages())
                    .as("and his own session of that key")
                    .hasSize(2);
            assertThat(endings(alice)).isEqualTo(1);
            assertThat(endings(bob)).isEqualTo(1);
            assertThat(endings(operator)).as("an admin sees all").isEqualTo(2);
        }
    }

    /// Runs to the end; how it ended.
    private static String run(Talk.Peer peer, String key) throws Exception {
        String id = peer.request("agent", message(key));
        peer.response(id);
        return peer.response(id).at("/payload/status").stringValue("");
    }

    /// How many runs this client has seen end.
    private static long endings(Talk.Peer peer) throws Exception {
        peer.call("health", Json.object()); // what was sent before is read with it
        return peer.events("chat").stream()
                .filter(event -> event.at("/payload/state").stringValue("").equals("final"))
                .count();
    }

    @Test
    void grantsAnEntryOnlyTheScopesItHas() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"), entries())) {
            var peer = talk.connectWith("of-alice", WRITE, ADMIN);
            assertThat(peer.hello().at("/payload/auth/scopes").toString()).isEqualTo("[\"operator.write\"]");
        }
    }

    @Test
    void closesTheSocketOfACredentialThatExpiresAndLetsItInNoMore() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"), entries(), clock)) {
            var peer = talk.connectWith("of-brief", WRITE);
            var other = talk.connectWith("of-alice", WRITE);
            clock.pass(LIFE);
            assertThat(peer.closing()).isEqualTo("1008 credential expired");
            assertThat(refused(talk, "of-brief").at("/error/details/code").stringValue())
                    .isEqualTo("AUTH_TOKEN_MISMATCH");
            assertThat(other.call("health", Json.object()).path("ok").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void limitsAnAddressWhicheverDoorItTries() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"), entries())) {
            for (int i = 0; i < ATTEMPTS; i++) {
                assertThat(refused(talk, "wrong").at("/error/details/code").stringValue())
                        .isEqualTo("AUTH_TOKEN_MISMATCH");
            }
            var limited = refused(talk, "wrong");
            assertThat(limited.at("/error/details/code").stringValue()).isEqualTo("AUTH_RATE_LIMITED");
            assertThat(limited.at("/error/retryAfterMs").longValue()).isBetween(1L, 300_000L);
            assertThat(talk.connectWith("of-alice", WRITE).hello().path("ok").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void needsNoSecretWhenOpen() throws Exception {
        var open = new Authenticator(Optional.empty(), Optional.of(new OpenAuth()), rules());
        try (var talk = Talk.with(FakeModel.saying("ok"), open)) {
            var peer = talk.open("Origin", "https://ui.example");
            peer.frame();
            var params = Talk.Peer.connectParams("x");
            params.remove("auth");
            assertThat(peer.call("connect", params).path("ok").booleanValue()).isTrue();
        }
    }

    @Test
    void takesTheUserThatTheUpgradeCameFrom() throws Exception {
        var proxy = new ProxyAuth(new ProxyAuth.Rules("x-forwarded-user", List.of(), Set.of(), true));
        var authenticator = new Authenticator(Optional.empty(), Optional.of(proxy), rules());
        try (var talk = Talk.with(FakeModel.saying("ok"), authenticator)) {
            var peer = talk.open("X-Forwarded-For", "203.0.113.7", "X-Forwarded-User", "nick");
            peer.frame();
            assertThat(peer.call("connect", Talk.Peer.connectParams("x"))
                            .path("ok")
                            .booleanValue())
                    .isTrue();
            assertThat(refused(talk, "x").path("ok").booleanValue()).isFalse();
        }
    }
}
