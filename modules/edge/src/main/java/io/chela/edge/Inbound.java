package io.chela.edge;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What has come from one caller and was not taken yet: the connection's own thread reads whenever there is room, the
/// thread that attends to its requests takes. So a hang-up is seen whatever that thread waits for.
final class Inbound {
    /// So long the thread of the requests waits for another one before it leaves: longer than a busy caller thinks,
    /// since a thread and what belongs to it cost some microseconds, and short, since they take memory.
    private static final Duration STAYS = Duration.ofMillis(100);

    /// Ends the thread of the requests, which has nobody to attend to.
    static final class Idle extends CloseConnectionException {
        private static final long serialVersionUID = 1L;

        Idle() {
            super("no request for a while");
        }
    }

    /// What an array takes beside its bytes, so that many small pieces count for what they are.
    private static final int PIECE_BYTES = 32;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition taken = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>(1);
    private int bytes; // with what each piece takes beside them
    private boolean ended;
    private @Nullable Line attendant;
    private @Nullable Runnable onHangup;

    private final Deadline due = new Deadline();
    private final Deadline leaves = new Deadline();

    /// @param sniffed what Helidon read before it chose this selector
    Inbound(EdgeLimits limits, byte[] sniffed) {
        this.most = limits.readAheadBytes();
        this.due.in(limits.times().headers()); // the first request is owed at once
        if (sniffed.length > 0) {
            pieces.add(sniffed);
            bytes = sniffed.length + PIECE_BYTES;
        }
    }

    /// Tells whether something has come that somebody should attend to, and nobody does. On the connection's thread, as
    /// all until [#awaitDeparture].
    boolean isUnattended() {
        lock.lock();
        try {
            return attendant == null && !ended && !pieces.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void attend(Line line) {
        lock.lock();
        try {
            attendant = line;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is room for more; false when no more is wanted.
    boolean awaitRoom() {
        lock.lock();
        try {
            while (bytes >= most && !ended) {
                taken.await();
            }
            return !ended;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Adds what was read.
    ///
    /// @param piece null: the caller has left, or will not be read any more
    void arrived(byte @Nullable [] piece) {
        lock.lock();
        try {
            if (piece == null) {
                ended = true;
            } else {
                pieces.add(piece);
                bytes += piece.length + PIECE_BYTES;
            }
            arrived.signal();
            if (ended && onHangup != null) {
                onHangup.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nobody attends any more; being interrupted interrupts who does.
    void awaitDeparture() {
        boolean interrupted = false;
        lock.lock();
        try {
            while (attendant != null) {
                try {
                    taken.await();
                } catch (InterruptedException _) {
                    interrupted = true;
                    attendant.interrupt();
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Waits for the next bytes; never empty. On the thread that attends, as all until [#onHangup].
    ///
    /// Throws when there will be none: the caller left or was too slow, or [Idle].
    byte[] take() {
        lock.lock();
        try {
            while (pieces.isEmpty() && !ended) {
                leaveIfIdle();
                arrived.await();
            }
            return next();
        } catch (InterruptedException e) {
            throw stopping(e);
        } finally {
            lock.unlock();
        }
    }

    /// The same for at most so long; empty when nothing came in this time.
    Optional<byte[]> takeWithin(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (pieces.isEmpty() && !ended && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return pieces.isEmpty() && !ended ? Optional.empty() : Optional.of(next());
        } catch (InterruptedException e) {
            throw stopping(e);
        } finally {
            lock.unlock();
        }
    }

    private void leaveIfIdle() {
        if (leaves.isPast(System.nanoTime())) {
            leaves.never();
            attendant = null;
            throw new Idle();
        }
    }

    private byte[] next() {
        byte[] piece = pieces.poll();
        if (piece == null) {
            throw new CloseConnectionException("the caller is gone");
        }
        bytes -= piece.length + PIECE_BYTES;
        taken.signal();
        return piece;
    }

    private static CloseConnectionException stopping(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CloseConnectionException("stopping", e);
    }

    /// Attends no more, and wants no more.
    void finish() {
        lock.lock();
        try {
            ended = true;
            attendant = null;
            taken.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes are owed within this time, or the connection ends.
    void dueIn(Duration limit) {
        leaves.never();
        due.in(limit);
    }

    /// The next request is owed within this time; its thread need not wait for it.
    void idleFor(Duration limit) {
        due.in(limit);
        leaves.in(STAYS);
    }

    /// Nothing is owed.
    void notDue() {
        leaves.never();
        due.never();
    }

    /// Runs the action (quick, not blocking) once the caller hangs up, at once if it has already.
    Watch onHangup(Runnable action) {
        lock.lock();
        try {
            if (onHangup != null) {
                throw new IllegalStateException("somebody watches already");
            }
            onHangup = action;
            if (ended) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
        return this::unwatch;
    }

    /// Tells whether nothing more will come; any thread.
    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void unwatch() {
        lock.lock();
        try {
            onHangup = null;
        } finally {
            lock.unlock();
        }
    }

    /// Who attends; any thread, as all that follow.
    Optional<Line> attendant() {
        lock.lock();
        try {
            return Optional.ofNullable(attendant);
        } finally {
            lock.unlock();
        }
    }

    /// Tells whether what is owed has not come in time, and lets a thread leave that has waited for long enough.
    boolean expire(long nowNanos) {
        boolean late = due.isPast(nowNanos);
        if (!late && !leaves.isPast(nowNanos)) {
            return false;
        }
        lock.lock();
        try {
            arrived.signal();
            return late && pieces.isEmpty() && due.isPast(nowNanos);
        } finally {
            lock.unlock();
        }
    }
}
