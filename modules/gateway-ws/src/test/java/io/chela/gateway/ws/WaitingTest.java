package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Secret;
import io.chela.auth.Authenticator;
import io.chela.auth.TokenAuth;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MovableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sockets between the upgrade and their `connect`.
class WaitingTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-25T12:00:00Z"));

    private Talk talk() {
        return Talk.with(FakeModel.saying("ok"), new Authenticator(new TokenAuth(new Secret(Talk.TOKEN))), clock);
    }

    @Test
    void closesAnUpgradeThatNeverSendsConnectAfter15Seconds() throws Exception {
        try (var talk = talk()) {
            var silent = talk.open();
            silent.frame();
            var connected = talk.connect("operator.read");
            clock.pass(Conversation.HANDSHAKE);
            assertThat(silent.closing()).isEqualTo("1008 no connect in time");
            assertThat(connected
                            .call("health", io.chela.api.Json.object())
                            .path("ok")
                            .booleanValue())
                    .isTrue();
        }
        assertThat(Conversation.HANDSHAKE).hasSeconds(15);
    }

    @Test
    void tellsASocketThatHasNotConnectedThatTheGatewayStops() throws Exception {
        try (var talk = talk()) {
            var silent = talk.open();
            silent.frame();
            talk.edge().drain();
            assertThat(silent.closing()).isEqualTo("1012 service restart");
        }
    }

    @Test
    void closesOneMoreThan32SocketsOfAnAddressWith1013_untilOneHasConnected() throws Exception {
        try (var talk = talk()) {
            List<Talk.Peer> silent = new ArrayList<>();
            for (int i = 0; i < GatewayWsKeys.DEFAULTS.unauthenticatedSockets(); i++) {
                silent.add(talk.open());
                silent.getLast().frame();
            }
            var oneMore = talk.open();
            assertThat(oneMore.closing()).isEqualTo("1013 too many sockets without a connect from this address");
            assertThat(oneMore.hasFrame())
                    .as("a challenge, which only those get that have a place")
                    .isFalse();
            silent.getLast().call("connect", Talk.Peer.connectParams(Talk.TOKEN));
            assertThat(talk.connect("operator.read").hello().path("ok").booleanValue())
                    .isTrue();
        }
        assertThat(GatewayWsKeys.DEFAULTS.unauthenticatedSockets()).isEqualTo(32);
    }
}
