package io.chela.model.openai;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Ends the blocking call that a reply is in, whatever it waits for, by interrupting its thread.
///
/// A socket read, write, connect or handshake of a virtual thread ends at once when interrupted, and its
/// socket is
/// closed.
/// The interrupt never leaks: it is sent under a lock only while the thread is inside [#blocking], which
/// clears it.
final class Cancel {
    /// Runs what is due later, if it is not called off; a task is short and blocks nothing.
    static final ScheduledExecutorService TIMER = ForkJoinPool.commonPool();

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread blocked;
    private boolean cancelled;
    private volatile boolean expired;

    /// Runs a call that may block, for a while: [#hasExpired] once it took longer.
    <T> T blocking(Callable<T> call, Duration most) throws Exception {
        Future<?> limit = TIMER.schedule(this::expire, most.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return blocking(call);
        } finally {
            limit.cancel(false);
        }
    }

    private void expire() {
        expired = true;
        cancel();
    }

    /// Tells whether a call was ended because it took too long; everything else is cancelled then, too.
    boolean hasExpired() {
        return expired;
    }

    /// Runs a call that may block.
    ///
    /// @throws CancellationException when it was cancelled before; otherwise what the call throws
    <T> T blocking(Callable<T> call) throws Exception {
        enter();
        try {
            return call.call();
        } finally {
            leave();
        }
    }

    private void enter() {
        lock.lock();
        try {
            if (cancelled) {
                throw new CancellationException("the reply was closed");
            }
            blocked = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            blocked = null;
            if (cancelled) {
                Thread.interrupted(); // ours: nobody else may see it
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the call under way and every later one. Idempotent, from any thread.
    ///
    /// @return true when a call is under way, whose thread will see to the rest
    boolean cancel() {
        lock.lock();
        try {
            cancelled = true;
            if (blocked != null) {
                blocked.interrupt();
            }
            return blocked != null;
        } finally {
            lock.unlock();
        }
    }

    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }
}
