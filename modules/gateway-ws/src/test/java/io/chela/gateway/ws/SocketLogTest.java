package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.LogLine;
import io.chela.api.Secret;
import io.chela.auth.Authenticator;
import io.chela.auth.TokenAuth;
import io.chela.edge.WsLimits;
import io.chela.testkit.FakeModel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What the log says of sockets that get no answer, or not the one they want.
class SocketLogTest {
    private static final Logger LOG = Logger.getLogger(SocketLog.class.getName());

    private final BlockingQueue<LogLine> lines = new LinkedBlockingQueue<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add((LogLine) record.getParameters()[0]);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void stop() {
        LOG.removeHandler(listener);
    }

    private void isTold(String text, String flood) throws InterruptedException {
        LogLine line = lines.poll(10, TimeUnit.SECONDS);
        assertThat(line).hasToString(text).extracting(LogLine::flood).isEqualTo(Optional.of(flood));
    }

    private static Talk talk() {
        return Talk.with(FakeModel.saying("ok").thenHanging());
    }

    private static ObjectNode turn(int number) {
        return Json.object().put("message", "hi").put("idempotencyKey", "k" + number);
    }

    @Test
    void saysWhoWasRefusedAtItsConnectAndWhyOnce() throws Exception {
        try (var talk = talk()) {
            var peer = talk.open();
            peer.frame();
            peer.request("connect", Talk.Peer.connectParams("wrong"));
            assertThat(peer.closing()).startsWith("1008 ");
            isTold(
                    "id=r1 outcome=refused why=AUTH_TOKEN_MISMATCH method=connect"
                            + " reason=unauthorized:%20gateway%20token%20mismatch close=1008 peer=127.0.0.1",
                    "connect refused AUTH_TOKEN_MISMATCH");
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void saysWhatASocketWasClosedForBeforeItsConnect() throws Exception {
        try (var talk = talk()) {
            var peer = talk.open();
            peer.send("no request");
            assertThat(peer.closing()).startsWith("1008 ");
            isTold(
                    "outcome=closed close=1008 reason=invalid%20request%20frame peer=127.0.0.1",
                    "ws closed 1008 invalid request frame");
        }
    }

    @Test
    void saysWhoseSocketWasClosedForWhat() throws Exception {
        try (var talk = talk()) {
            var peer = talk.connect("operator.read");
            talk.replace(new Authenticator(new TokenAuth(new Secret("another token"))));
            assertThat(peer.closing()).startsWith("4001 ");
            isTold(
                    "outcome=closed close=4001 reason=gateway%20auth%20changed principal=operator peer=127.0.0.1",
                    "ws closed 4001 gateway auth changed");
        }
    }

    @Test
    void saysThatAFrameOrAMessageBrokeTheRules() throws Exception {
        try (var talk = talk()) {
            var peer = talk.open();
            peer.send("x".repeat(WsLimits.DEFAULTS.messageBytes() + 1));
            assertThat(peer.closing()).startsWith("1009 ");
            isTold(
                    "outcome=closed close=1009 reason=message%20too%20big peer=127.0.0.1",
                    "ws closed 1009 message too big");
        }
    }

    @Test
    void saysNothingOfASocketThatItsPeerClosesAndOfAStop() throws Exception {
        try (var talk = talk()) {
            talk.connect("operator.read").bye();
            var waits = talk.connect("operator.read");
            talk.edge().drain();
            assertThat(waits.closing()).isEqualTo("1012 service restart");
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void saysWhichRequestsWereRefusedAndWhichLimitWasHit() throws Exception {
        try (var talk = talk()) {
            var peer = talk.connect("operator.read");
            peer.call("no.such", Json.object());
            isTold(
                    "id=r2 outcome=refused why=INVALID_REQUEST method=no.such principal=operator peer=127.0.0.1",
                    "ws refused INVALID_REQUEST");
            peer.call("agent", turn(0));
            isTold(
                    "id=r3 outcome=refused why=MISSING_SCOPE method=agent principal=operator peer=127.0.0.1",
                    "ws refused MISSING_SCOPE");
            peer.send("no request");
            isTold(
                    "id=invalid outcome=refused why=INVALID_REQUEST principal=operator peer=127.0.0.1",
                    "ws refused INVALID_REQUEST");

            var writer = talk.connect("operator.write");
            for (int number = 0; lines.isEmpty(); number++) {
                writer.call("agent", turn(number));
            }
            assertThat(List.copyOf(lines).getFirst().toString())
                    .contains(" why=limits.waitingPerSession method=agent ");
            assertThat(lines.remove().flood()).contains("ws refused limits.waitingPerSession");
        }
    }
}
