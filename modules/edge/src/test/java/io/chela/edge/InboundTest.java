package io.chela.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboundTest {
    private static final byte[] PIECE = "GET / HTTP/1.1".getBytes(US_ASCII);

    private final Inbound inbound = new Inbound(EdgeLimits.DEFAULTS, new byte[0]);

    @Test
    void wantsSomebodyToAttendToWhatHasCome_butNotOnceItIsFinished() {
        assertThat(inbound.isUnattended()).isFalse();
        inbound.arrived(PIECE);
        assertThat(inbound.isUnattended()).isTrue();
        inbound.finish();
        inbound.arrived(PIECE); // was being read at that moment
        assertThat(inbound.isUnattended()).isFalse();
        assertThat(inbound.awaitRoom()).isFalse();
    }

    @Test
    void givesWhatCameBeforeTheEnd() {
        inbound.arrived(PIECE);
        inbound.arrived(null);
        assertThat(inbound.take()).isEqualTo(PIECE);
        assertThatThrownBy(inbound::take)
                .isInstanceOf(CloseConnectionException.class)
                .isNotInstanceOf(Inbound.Idle.class);
    }

    @Test
    void hasRoomAgainWhenSomethingWasTaken() throws InterruptedException {
        inbound.arrived(new byte[EdgeLimits.DEFAULTS.readAheadBytes()]);
        var room = new CountDownLatch(1);
        var reader = Thread.ofVirtual().start(() -> {
            if (inbound.awaitRoom()) {
                room.countDown();
            }
        });
        assertThat(TestEdge.soon(() -> reader.getState() == Thread.State.WAITING))
                .isTrue();
        inbound.take();
        assertThat(room.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isLateOnlyWhileNothingHasCome() {
        inbound.dueIn(Duration.ZERO);
        assertThat(inbound.expire(System.nanoTime())).isTrue();
        inbound.arrived(PIECE);
        assertThat(inbound.expire(System.nanoTime())).isFalse();
        inbound.take();
        inbound.notDue();
        assertThat(inbound.expire(System.nanoTime())).isFalse();
    }

    @Test
    void givesUpABodyThatDoesNotComeInItsTime() {
        assertThat(inbound.takeWithin(1)).isEmpty();
        inbound.arrived(PIECE);
        assertThat(inbound.takeWithin(1)).contains(PIECE);
    }

    @Test
    void tellsWhoWatchesTooLate_andNobodyWhoWatchesNoMore() {
        List<String> told = new ArrayList<>();
        inbound.onHangup(() -> told.add("no more")).close();
        inbound.arrived(null);
        inbound.onHangup(() -> told.add("late"));
        assertThat(told).containsExactly("late");
    }
}
