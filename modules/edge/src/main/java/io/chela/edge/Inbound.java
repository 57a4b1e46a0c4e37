package io.chela.edge;

import io.chela.api.Budget;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What comes from one caller: read by the connection's thread, or ahead of it while somebody watches for a
/// hang-up.
///
/// One thread reads the socket at a time. A read that was started ahead is never cancelled; the connection's
/// thread
/// joins it. Between requests the connection's thread reads itself and the reaper ends it; within a request
/// it only
/// waits for bytes read ahead, so that a late body can still be answered.
final class Inbound {
    /// Where the connection is; it decides which deadline and which count hold.
    enum Phase {
        IDLE,
        HEADERS,
        REQUEST,
        UPGRADED
    }

    /// What framing may add to a body before it counts as too large.
    private static final int FRAMING_BYTES = 64 * 1024;

    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final HelidonSocket socket;
    private final EdgeLimits limits;
    private final RequestMemory memory;
    private final SocketStay stay = new SocketStay();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<byte[]> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private boolean reading;
    private boolean ended;
    private @Nullable Runnable onHangup;

    // The connection's thread alone.
    private Phase phase = Phase.HEADERS; // the first request is owed at once
    private long deadline;
    private long bodyNanos;
    private long taken;
    private long allowance;
    private Runnable tooMuch = () -> {};
    private Runnable busy = () -> {};
    private boolean discarding;

    /// @param sniffed what Helidon read before it chose this selector
    Inbound(HelidonSocket socket, EdgeLimits limits, Budget budget, byte[] sniffed) {
        this.socket = socket;
        this.memory = new RequestMemory(budget);
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.times().headers().toNanos();
        if (sniffed.length > 0) {
            ahead.add(sniffed);
            aheadBytes = sniffed.length;
        }
    }

    /// Takes the next bytes; never empty. Throws when there will be none: the caller left, or was too slow.
    byte[] take() {
        byte[] bytes = takeAhead();
        if (bytes == null) {
            bytes = readHere();
        }
        count(bytes.length);
        return bytes;
    }

    private byte @Nullable [] takeAhead() {
        lock.lock();
        try {
            if (phase == Phase.REQUEST && ahead.isEmpty()) {
                readAhead();
            }
            while (ahead.isEmpty() && reading) {
                waited(arrived.awaitNanos(patience()));
            }
            return removeAhead();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("stopping", e);
        } finally {
            lock.unlock();
        }
    }

    private long patience() {
        return switch (phase) {
            case UPGRADED -> Long.MAX_VALUE;
            case REQUEST -> bodyNanos;
            case IDLE, HEADERS -> deadline - System.nanoTime();
        };
    }

    /// Takes note of a wait, and gives up when its time is over.
    private void waited(long nanosLeft) {
        if (phase == Phase.REQUEST) {
            bodyNanos = nanosLeft;
        }
        if (nanosLeft <= 0 && ahead.isEmpty() && reading) {
            throw phase == Phase.REQUEST
                    ? new ProblemException(new Problem.RequestTimeout())
                    : new CloseConnectionException("no request in time");
        }
    }

    private byte @Nullable [] removeAhead() {
        byte[] bytes = ahead.poll();
        if (bytes == null) {
            if (ended) {
                throw gone();
            }
            return null;
        }
        aheadBytes -= bytes.length;
        if (onHangup != null) {
            readAhead();
        }
        return bytes;
    }

    private byte[] readHere() {
        if (phase == Phase.UPGRADED) {
            stay.enter();
        } else {
            stay.enterFor(deadline - System.nanoTime());
        }
        try {
            byte[] bytes = read();
            if (bytes == null) {
                throw gone();
            }
            return bytes;
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the caller is gone", e);
        } finally {
            stay.leave();
        }
    }

    /// The socket's next bytes; null at its end, which a TLS socket tells by no bytes first.
    private byte @Nullable [] read() {
        byte[] bytes = socket.get();
        while (bytes != null && bytes.length == 0) {
            bytes = socket.get();
        }
        return bytes;
    }

    private static CloseConnectionException gone() {
        return new CloseConnectionException("the caller is gone");
    }

    private void count(int bytes) {
        switch (phase) {
            case IDLE -> {
                enter(Phase.HEADERS, limits.times().headers());
                holdHead(bytes);
            }
            case HEADERS -> holdHead(bytes);
            case REQUEST -> {
                bodyNanos += EdgeLimits.Times.earnedNanos(bytes);
                taken += bytes;
                if (taken > allowance) {
                    throw new ProblemException(new Problem.PayloadTooLarge(limits.bodyBytes()));
                }
                if (!discarding && !memory.body(taken)) {
                    throw busyWithOthers();
                }
            }
            case UPGRADED -> {
                taken += bytes;
                if (taken > allowance) {
                    tooMuch.run();
                    throw new CloseConnectionException("a message larger than allowed");
                }
                if (!memory.body(taken)) {
                    busy.run();
                    throw new CloseConnectionException("busy with other large messages");
                }
            }
        }
    }

    private void holdHead(int bytes) {
        if (!memory.head(bytes)) {
            throw new CloseConnectionException("no memory for another request");
        }
    }

    /// Takes memory for what the body has become by inflating it, where that is more than what came.
    void inflated(long bytes) {
        if (!memory.body(bytes)) {
            throw busyWithOthers();
        }
    }

    private static ProblemException busyWithOthers() {
        return new ProblemException(
                new Problem.Unavailable("The gateway is busy with other large requests.", BUSY_RETRY));
    }

    /// What is held for what comes.
    RequestMemory memory() {
        return memory;
    }

    private void enter(Phase next, Duration limit) {
        phase = next;
        deadline = System.nanoTime() + limit.toNanos();
    }

    /// The headers are complete; what is taken from now on is the body.
    ///
    /// @param declaredBytes the body's length; 0 when it does not say
    void headersRead(long declaredBytes) {
        memory.headRead(declaredBytes);
        phase = Phase.REQUEST;
        bodyNanos = limits.times().body().toNanos();
        taken = 0;
        allowance = limits.bodyBytes() + FRAMING_BYTES;
    }

    /// The answer is out.
    ///
    /// @param buffered whether bytes of the next request were taken already
    void requestDone(boolean buffered) {
        if (buffered) {
            enter(Phase.HEADERS, limits.times().headers());
        } else {
            enter(Phase.IDLE, limits.times().idle());
        }
    }

    /// The connection speaks another protocol now, without deadlines of ours.
    void upgraded() {
        phase = Phase.UPGRADED;
        allowance = Long.MAX_VALUE;
        memory.release();
    }

    /// Allows the message that is under way this many bytes (and some framing), until the next call.
    ///
    /// @param soFar how much of them has come; with 0 the last message is done and its memory given back
    /// @param tooMuch run when there are more, before the connection ends
    /// @param busy run when there is no memory for them, before the connection ends
    void allow(long soFar, long most, Runnable tooMuch, Runnable busy) {
        if (soFar == 0) {
            memory.release();
        }
        taken = soFar;
        allowance = most + FRAMING_BYTES;
        this.tooMuch = tooMuch;
        this.busy = busy;
    }

    /// Bytes taken since the headers of the request.
    long taken() {
        return taken;
    }

    /// Reads and forgets, so that an answer is not lost to the reset that unread bytes cause.
    void linger(long bytes, Duration limit) {
        discarding = true;
        phase = Phase.REQUEST;
        bodyNanos = limit.toNanos();
        taken = 0;
        allowance = Long.MAX_VALUE;
        long until = System.nanoTime() + bodyNanos;
        long left = bytes;
        try {
            while (left > 0 && bodyNanos > 0) {
                left -= take().length;
                bodyNanos = until - System.nanoTime(); // no credit for bytes here
            }
        } catch (CloseConnectionException | ProblemException _) {
            // the caller left, or is still sending after all the time we have for it
        }
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
            } else {
                readAhead();
            }
        } finally {
            lock.unlock();
        }
        return this::unwatch;
    }

    private void unwatch() {
        lock.lock();
        try {
            onHangup = null;
        } finally {
            lock.unlock();
        }
    }

    private void readAhead() {
        if (!reading && !ended && aheadBytes < limits.readAheadBytes()) {
            reading = true;
            Thread.ofVirtual().name("read-ahead").start(this::keepReading);
        }
    }

    private void keepReading() {
        boolean more = true;
        while (more) {
            byte[] bytes = null;
            try {
                stay.enter();
                try {
                    bytes = read();
                } finally {
                    stay.leave();
                }
            } catch (UncheckedIOException | CloseConnectionException _) {
                // a reset, or our own end of the connection: both are an end of the stream
            } finally {
                more = arrived(bytes);
            }
        }
    }

    private boolean arrived(byte @Nullable [] bytes) {
        lock.lock();
        try {
            if (bytes == null) {
                ended = true;
            } else {
                ahead.add(bytes);
                aheadBytes += bytes.length;
            }
            reading = !ended && onHangup != null && aheadBytes < limits.readAheadBytes();
            arrived.signalAll();
            if (ended && onHangup != null) {
                onHangup.run();
            }
            return reading;
        } finally {
            lock.unlock();
        }
    }

    void expire(long nowNanos) {
        stay.expire(nowNanos);
    }

    /// Ends a read that is under way once this time is over.
    void limit(Duration limit) {
        stay.limit(limit);
    }

    void abort() {
        stay.abort();
    }
}
