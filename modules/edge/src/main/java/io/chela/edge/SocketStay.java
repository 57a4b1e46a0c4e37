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
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread inside;
    private final Deadline deadline = new Deadline();
    private boolean over;

    /// Enters for as long as it takes.
    void enter() {
        lock.lock();
        try {
            if (over) {
                throw new CloseConnectionException("the connection was given up");
            }
            inside = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /// Enters for at most this long.
    void enter(Duration limit) {
        enter();
        deadline.in(limit);
    }

    /// Leaves; throws when the stay was ended from outside.
    void leave() {
        lock.lock();
        try {
            inside = null;
            deadline.never();
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
        if (!deadline.isPast(nowNanos)) {
            return false;
        }
        lock.lock();
        try {
            boolean still = deadline.isPast(nowNanos);
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
        deadline.never();
    }
}
