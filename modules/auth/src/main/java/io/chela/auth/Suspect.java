package io.chela.auth;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// An address that has shown wrong secrets, and the queue before its comparisons once it is limited. Safe for
/// many threads.
final class Suspect {
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Long> wrongs = new ArrayDeque<>();
    private final Deque<Turn> queue = new ArrayDeque<>();
    private boolean limited;
    private long limitedUntil;
    private long nextComparison;

    /// One place in the queue.
    private static final class Turn {
        private boolean left;
    }

    Suspect(LongSupplier nanos) {
        this.nanos = nanos;
        this.nextComparison = nanos.getAsLong();
    }

    /// Waits for a comparison if the address is limited; false when there will be none, or the caller left.
    boolean mayCompare(RateLimit limit, Departure departure) {
        var turn = new Turn();
        lock.lock();
        try {
            if (!isLimited()) {
                return true;
            }
            if (queue.size() >= limit.mayWait()) {
                return false;
            }
            queue.add(turn);
        } finally {
            lock.unlock();
        }
        // Outside the lock: whoever tells of a departure may hold a lock of its own.
        try (var _ = departure.onLeave(() -> leave(turn))) {
            return await(turn, limit.pace());
        }
    }

    private void leave(Turn turn) {
        lock.lock();
        try {
            turn.left = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Turn turn, Duration pace) {
        lock.lock();
        try {
            while (!turn.left) {
                long wait = nextComparison - nanos.getAsLong();
                if (queue.peek() != turn) {
                    changed.await();
                } else if (wait > 0) {
                    changed.awaitNanos(wait);
                } else {
                    nextComparison = nanos.getAsLong() + pace.toNanos();
                    return true;
                }
            }
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            queue.remove(turn);
            changed.signalAll();
            lock.unlock();
        }
    }

    /// Counts a wrong secret; for how long the address is limited, if it was so before.
    Optional<Duration> wrong(RateLimit limit) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            if (isLimited()) {
                return Optional.of(Duration.ofNanos(limitedUntil - now));
            }
            forget(now, limit.window());
            wrongs.add(now);
            if (wrongs.size() >= limit.maxAttempts()) {
                wrongs.clear();
                limited = true;
                limitedUntil = now + limit.lockout().toNanos();
                nextComparison = now + limit.pace().toNanos();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Tells whether nothing is left to remember.
    boolean isForgotten(RateLimit limit) {
        lock.lock();
        try {
            forget(nanos.getAsLong(), limit.window());
            return !isLimited() && wrongs.isEmpty() && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isLimited() {
        limited = limited && limitedUntil - nanos.getAsLong() > 0;
        return limited;
    }

    private void forget(long now, Duration window) {
        while (!wrongs.isEmpty() && now - wrongs.getFirst() >= window.toNanos()) {
            wrongs.removeFirst();
        }
    }

    /// How long a queue that is full may take.
    static Duration queueTime(RateLimit limit) {
        return limit.pace().multipliedBy(limit.mayWait());
    }
}
