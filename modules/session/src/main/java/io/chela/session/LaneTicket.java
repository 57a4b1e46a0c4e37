package io.chela.session;

import io.chela.api.spi.Lease;
import io.chela.api.spi.SessionStore;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A turn's place in the queue of its session: `try (var ticket = sessions.queue(…)) { ticket.await() … }`.
///
/// One thread waits; any thread may close.
public final class LaneTicket implements AutoCloseable {
    private final Place place;
    private final Lanes lanes;
    private final SessionStore store;
    private final Clock clock;

    // Never held while another lock is taken or the store is asked.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean first;
    private boolean claiming;
    private boolean closed;
    private Optional<Lease> held = Optional.empty();

    LaneTicket(Place place, Lanes lanes, SessionStore store, Clock clock) {
        this.place = place;
        this.lanes = lanes;
        this.store = store;
        this.clock = clock;
    }

    Place place() {
        return place;
    }

    /// Says that it has the lane.
    void turn() {
        lock.lock();
        try {
            first = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for its turn and for the store's lease; call it once. An interrupt does not end it and stays
    /// noted: [#close] ends it.
    ///
    /// @throws CancellationException when the ticket is closed
    /// @throws io.chela.api.ProblemException when the store fails; the ticket is closed then
    public OpenSession await() {
        awaitTurn();
        Optional<Lease> claimed = Optional.empty();
        try {
            claimed = Optional.of(store.claim(place.owner(), place.key()));
        } finally {
            settle(claimed);
        }
        return new OpenSession(store, claimed.orElseThrow(), clock);
    }

    private void awaitTurn() {
        lock.lock();
        try {
            while (!first && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                throw new CancellationException("left the queue of " + place.key());
            }
            claiming = true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the claim: keeps its lease, or gives up all when there is none or the ticket was closed meanwhile.
    private void settle(Optional<Lease> claimed) {
        boolean cancelled;
        lock.lock();
        try {
            claiming = false;
            cancelled = closed;
            closed |= claimed.isEmpty();
            if (!closed) {
                held = claimed;
            }
        } finally {
            lock.unlock();
        }
        if (cancelled || claimed.isEmpty()) {
            leave(claimed);
        }
        if (cancelled) {
            throw new CancellationException("left the queue of " + place.key());
        }
    }

    /// Leaves the queue, or gives up the lane and lets the next turn in. Never waits for the lane; idempotent.
    @Override
    public void close() {
        Optional<Lease> lease;
        lock.lock();
        try {
            // While the store is claiming, the lane stays taken, and whoever claims gives it up.
            boolean done = closed || claiming;
            closed = true;
            changed.signalAll();
            if (done) {
                return;
            }
            lease = held;
        } finally {
            lock.unlock();
        }
        leave(lease);
    }

    private void leave(Optional<Lease> lease) {
        try {
            lease.ifPresent(Lease::close);
        } finally {
            lanes.leave(this);
        }
    }
}
