package io.chela.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.SessionKey;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The deadline turns a lane that nobody gets into a failure; a whole run takes well under a second.
@Timeout(20)
class LaneTest {
    private static final SessionKey KEY = new SessionKey("agent:main:main");

    private final MemoryStore store = new MemoryStore();
    private final Lanes lanes = new Lanes();
    private final List<LaneTicket> queued = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void leavesNothingBehind() {
        queued.forEach(LaneTicket::close);
        threads.close();
        assertThat(lanes.size()).isZero();
        assertThat(store.leases()).isZero();
    }

    private LaneTicket queue(String owner, SessionKey key) {
        var ticket = new LaneTicket(new Place(owner, key), lanes, store, Clock.systemUTC());
        lanes.join(ticket, Sessions.DEFAULT_WAITING);
        queued.add(ticket);
        return ticket;
    }

    private LaneTicket queue() {
        return queue("operator", KEY);
    }

    private Future<OpenSession> await(LaneTicket ticket) {
        return threads.submit(ticket::await);
    }

    @Test
    void letsOneInAtATimeInOrderOfArrival() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        var inside = new AtomicInteger();
        List<LaneTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tickets.add(queue());
        }
        List<Future<?>> turns = new ArrayList<>();
        // Backwards, so that the order of waiting is not the order of arrival.
        for (int i = 19; i >= 0; i--) {
            int number = i;
            turns.add(threads.submit(() -> {
                try (LaneTicket ticket = tickets.get(number)) {
                    ticket.await();
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    order.add(number);
                    LockSupport.parkNanos(1_000_000);
                    inside.decrementAndGet();
                }
            }));
        }
        for (Future<?> turn : turns) {
            turn.get();
        }
        assertThat(order).hasSize(20).isSorted();
    }

    @Test
    void letsTheNextInOnceTheFirstIsClosed() throws Exception {
        LaneTicket first = queue();
        LaneTicket second = queue();
        first.await();
        Future<OpenSession> waiting = await(second);
        assertWaits(waiting);
        first.close();
        assertThat(waiting.get()).isNotNull();
    }

    @Test
    void endsAWaitFromAnotherThreadAndKeepsTheOthersInOrder() throws Exception {
        LaneTicket first = queue();
        LaneTicket second = queue();
        LaneTicket third = queue();
        first.await();
        Future<OpenSession> gone = await(second);
        Future<OpenSession> waiting = await(third);
        second.close();
        assertThatThrownBy(gone::get).hasCauseInstanceOf(CancellationException.class);
        assertWaits(waiting);
        first.close();
        assertThat(waiting.get()).isNotNull();
    }

    @Test
    void refusesToWaitWithAClosedTicket() {
        LaneTicket ticket = queue();
        ticket.close();
        ticket.close();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(ticket::await);
    }

    @Test
    void doesNotLetAClosedHolderCloseTheNextOnesLane() {
        LaneTicket first = queue();
        LaneTicket second = queue();
        LaneTicket third = queue();
        first.await();
        first.close();
        second.await();
        first.close();
        assertWaits(await(third));
        assertThat(store.leases()).isEqualTo(1);
    }

    @Test
    void neverLetsSessionsWaitForEachOther() {
        LaneTicket operators = queue("operator", KEY);
        LaneTicket alices = queue("alice", KEY);
        LaneTicket other = queue("operator", new SessionKey("agent:main:other"));
        operators.await();
        alices.await();
        other.await();
        assertThat(store.leases()).isEqualTo(3);
    }

    @Test
    void refusesMoreThanMayWaitAndSaysHowManyDo() {
        List<LaneTicket> tickets = new ArrayList<>();
        for (int i = 0; i <= Sessions.DEFAULT_WAITING; i++) {
            tickets.add(queue());
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> queue().close())
                .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Busy.class))
                .withMessageContaining("32");
        tickets.removeLast().close();
        queue();
    }

    @Test
    void waitsThroughAnInterruptAndKeepsTheFlag() throws Exception {
        LaneTicket first = queue();
        LaneTicket second = queue();
        first.await();
        Future<Boolean> interrupted = threads.submit(() -> {
            Thread.currentThread().interrupt();
            second.await();
            return Thread.interrupted();
        });
        assertWaits(interrupted);
        first.close();
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void givesTheLeaseBackWhenItIsClosedDuringTheClaim() throws Exception {
        var claiming = new CountDownLatch(1);
        var granted = new CountDownLatch(1);
        store.onClaim(() -> {
            claiming.countDown();
            waitFor(granted);
        });
        LaneTicket first = queue();
        LaneTicket second = queue();
        Future<OpenSession> cancelled = await(first);
        waitFor(claiming);
        first.close();
        store.onClaim(() -> {});
        Future<OpenSession> next = await(second);
        assertWaits(next);
        granted.countDown();
        assertThatThrownBy(cancelled::get).hasCauseInstanceOf(CancellationException.class);
        assertThat(next.get()).isNotNull();
    }

    @Test
    void letsTheNextInWhenAClaimFails() {
        store.onClaim(() -> {
            throw new ProblemException(new Problem.Internal("id"));
        });
        LaneTicket first = queue();
        LaneTicket second = queue();
        assertThatExceptionOfType(ProblemException.class).isThrownBy(first::await);
        store.onClaim(() -> {});
        assertThat(second.await()).isNotNull();
    }

    private static void assertWaits(Future<?> turn) {
        assertThatThrownBy(() -> turn.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
