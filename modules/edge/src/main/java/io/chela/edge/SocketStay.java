package io.chela.edge;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets one thread at a time stay in a socket, and ends its stay when its time is over.
///
/// A stay ends by interrupting the thread, which closes the channel: closing it from outside would wait for
/// locks that
/// a silent TLS peer holds. The interrupt is sent and taken back under one lock, so it cannot leak to later
/// work.
final class SocketStay {
    private static final long NO_DEADLINE = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread inside;
    private volatile long deadline = NO_DEADLINE;
    private boolean over;

    /// Enters for as long as it takes.
    void enter() {
        enterUntil(NO_DEADLINE);
    }

    /// Enters for at most this long.
    void enter(Duration limit) {
        enterUntil(deadlineIn(limit));
    }

    private static long deadlineIn(Duration limit) {
        long at = System.nanoTime() + limit.toNanos();
        return at == NO_DEADLINE ? 1 : at;
    }

    private void enterUntil(long at) {
        lock.lock();
        try {
            if (over) {
                throw new CloseConnectionException("the connection was given up");
            }
            inside = Thread.currentThread();
            deadline = at;
        } finally {
            lock.unlock();
        }
    }

    /// Leaves; throws when the stay was ended from outside.
    void leave() {
        lock.lock();
        try {
            inside = null;
            deadline = NO_DEADLINE;
            if (over) {
                Thread.interrupted(); // ours, and only ours: it was sent while we were inside
                throw new CloseConnectionException("the connection was given up");
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stay if its deadline has passed, and tells whether it did; any thread.
    boolean expire(long nowNanos) {
        long at = deadline;
        if (at == NO_DEADLINE || nowNanos - at < 0) {
            return false;
        }
        lock.lock();
        try {
            boolean still = deadline == at;
            if (still) {
                end();
            }
            return still;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stay now and lets nobody in again; any thread.
    void abort() {
        lock.lock();
        try {
            end();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (!over && inside != null) {
            inside.interrupt();
        }
        over = true;
        deadline = NO_DEADLINE;
    }
}
