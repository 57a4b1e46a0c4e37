package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/// WebSockets that are pinged every two seconds; the tests wait together.
@Execution(CONCURRENT)
class PingTest {
    private static final WsLimits NERVOUS =
            new WsLimits(1_000, 1024 * 1024, Duration.ofSeconds(2), Duration.ofMillis(400));

    private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    /// Repeats what it is told.
    private final class Parrot implements WsHandler {
        @Override
        public void opened(WsChannel channel) {}

        @Override
        public void text(WsChannel channel, String message) {
            channel.send(message);
        }

        @Override
        public void closed(WsChannel channel, WsEnd end) {
            closed.add(end.code());
        }
    }

    private TestEdge edge(Wire wire, UnaryOperator<EdgeLimits> limits) {
        return TestEdge.behind(
                wire, TestEdge.feature(_ -> {}, ws -> ws.endpoint("/ws", WsDoor.with(NERVOUS, Parrot::new))), limits);
    }

    @Test
    void pingsAndKeepsAPeerThatAnswers() {
        try (var own = edge(wire(), limits -> limits);
                var ws = RawWs.open(own.client(), "/ws")) {
            for (int i = 0; i < 2; i++) {
                assertThat(ws.read().opcode()).isEqualTo(RawWs.PING);
                ws.frame(RawWs.PONG, true, new byte[0]);
            }
        }
    }

    @Test
    void cutsOffAPeerThatDoesNotPong() throws InterruptedException {
        try (var own = edge(wire(), limits -> limits);
                var ws = RawWs.open(own.client(), "/ws")) {
            assertThat(ws.read().opcode()).isEqualTo(RawWs.PING);
            assertThat(ws.rest()).isEmpty();
            assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo(1006);
        }
    }

    @Test
    void hasNoDeadlineForAQuietPeer() {
        try (var own = edge(Wire.PLAIN, TestEdge::impatient);
                var ws = RawWs.open(own.client(), "/ws")) {
            for (int i = 0; i < 2; i++) { // four seconds, ten times every limit
                assertThat(ws.read().opcode()).isEqualTo(RawWs.PING);
                ws.frame(RawWs.PONG, true, new byte[0]);
            }
            assertThat(ws.text("still here").read().text()).isEqualTo("still here");
        }
    }
}
