package io.chela.openai.http;

import io.chela.api.Principal;
import io.chela.auth.AuthResult;
import io.chela.auth.Claim;
import io.chela.edge.Gateway;
import io.helidon.http.sse.SseEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// What waits for one reader of events: bounded, so that a reader that stopped reading costs its connection and
/// nobody else's time. Safe for many threads; one takes.
final class EventReader implements AutoCloseable {
    /// The most events that wait; one more and the reader is dropped.
    static final int MAX_WAITING = 1_024;

    private final Admission admission;
    private final Runnable abort;
    private final Consumer<EventReader> whenClosed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<SseEvent> waiting = new ArrayDeque<>();
    private boolean closed;

    /// What let it in.
    record Admission(Claim claim, AuthResult.Granted granted) {}

    EventReader(Admission admission, Runnable abort, Consumer<EventReader> whenClosed) {
        this.admission = admission;
        this.abort = abort;
        this.whenClosed = whenClosed;
    }

    Principal principal() {
        return admission.granted().principal();
    }

    /// Ends it, with what waits for it, unless this gateway would let it in the same.
    void endUnlessAdmitted(Gateway now) {
        boolean open = now.keys(OpenAiHttpKeys.class).chat();
        if (!open || !now.stillAdmits(admission.claim(), admission.granted())) {
            forget();
            close();
        }
    }

    private void forget() {
        lock.lock();
        try {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Leaves an event, or drops the reader: it must not miss one in silence.
    void offer(SseEvent event) {
        if (!accepts(event)) {
            close();
            abort.run();
        }
    }

    private boolean accepts(SseEvent event) {
        lock.lock();
        try {
            if (closed) {
                return true; // it is leaving; nothing to say to it
            }
            if (waiting.size() >= MAX_WAITING) {
                waiting.clear();
                return false;
            }
            waiting.add(event);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next event; empty when none came in time, or the reader is closed.
    Optional<SseEvent> next(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return Optional.ofNullable(waiting.poll());
        } finally {
            lock.unlock();
        }
    }

    /// Tells whether there is, or may be, something to read.
    boolean isOpen() {
        lock.lock();
        try {
            return !closed || !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more events; what waits can still be read. From any thread.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        whenClosed.accept(this);
    }
}
