package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SocketStayTest {
    private final SocketStay stay = new SocketStay();

    @Test
    void endsAThreadThatStaysTooLongAndTakesTheInterruptBack() {
        stay.enter(Duration.ZERO);
        stay.expire(System.nanoTime() + 1);
        LockSupport.park(); // returns at once: interrupted
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThatThrownBy(stay::leave).isInstanceOf(CloseConnectionException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void leavesAThreadAloneThatIsOutAgain() {
        stay.enter(Duration.ZERO);
        stay.leave();
        stay.expire(System.nanoTime() + 1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        stay.enter();
        stay.leave();
    }

    @Test
    void keepsAnInterruptThatIsNotItsOwn() {
        stay.enter();
        Thread.currentThread().interrupt();
        stay.leave();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void hasNoDeadlineUnlessTold() {
        stay.enter();
        stay.expire(System.nanoTime() + Duration.ofDays(1).toNanos());
        stay.leave();
    }

    @Test
    void letsNobodyInAfterItWasGivenUp() {
        stay.abort();
        assertThatThrownBy(stay::enter).isInstanceOf(CloseConnectionException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
