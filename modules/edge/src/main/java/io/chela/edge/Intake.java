package io.chela.edge;

import io.chela.api.Budget;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;

/// Bounds what the requests of a connection take in: how long each part may last, how much it may be, and the memory
/// it is given. For the thread that attends to them.
final class Intake {
    /// Where the connection is; it decides which deadline and which count hold.
    private enum Phase {
        IDLE,
        HEADERS,
        REQUEST,
        UPGRADED
    }

    /// What framing may add to a body before it counts as too large.
    private static final int FRAMING_BYTES = 64 * 1024;

    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final Inbound inbound;
    private final EdgeLimits limits;
    private final RequestMemory memory;

    private Phase phase;
    private long bodyNanos;
    private long taken;
    private long mostBodyBytes;
    private long allowance;
    private Runnable tooMuch = () -> {};
    private Runnable busy = () -> {};
    private boolean discarding;

    /// @param first whether the connection's first request comes, whose time runs already
    Intake(Inbound inbound, EdgeLimits limits, Budget budget, boolean first) {
        this.inbound = inbound;
        this.limits = limits;
        this.memory = new RequestMemory(budget);
        this.phase = first ? Phase.HEADERS : Phase.IDLE;
    }

    /// Takes the next bytes; never empty. Throws when there will be none: the caller left, or was too slow.
    byte[] take() {
        byte[] bytes = phase == Phase.REQUEST ? body() : inbound.take();
        count(bytes.length);
        return bytes;
    }

    /// A late body can still be answered, so it does not end the connection at once.
    private byte[] body() {
        long since = System.nanoTime();
        byte[] bytes =
                inbound.takeWithin(bodyNanos).orElseThrow(() -> new ProblemException(new Problem.RequestTimeout()));
        bodyNanos -= System.nanoTime() - since;
        return bytes;
    }

    private void count(int bytes) {
        switch (phase) {
            case IDLE -> {
                awaitHeaders();
                holdHead(bytes);
            }
            case HEADERS -> holdHead(bytes);
            case REQUEST -> {
                bodyNanos += EdgeLimits.Times.earnedNanos(bytes);
                taken += bytes;
                if (taken > allowance) {
                    throw new ProblemException(new Problem.PayloadTooLarge(mostBodyBytes));
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
        return new ProblemException(new Problem.Unavailable(
                "limits.bufferedBytes", "The gateway is busy with other large requests.", BUSY_RETRY));
    }

    /// What is held for what comes.
    RequestMemory memory() {
        return memory;
    }

    private void awaitHeaders() {
        phase = Phase.HEADERS;
        inbound.dueIn(limits.times().headers());
    }

    /// The headers are complete; what is taken from now on is the body.
    ///
    /// @param declaredBytes the body's length; 0 when it does not say
    /// @param mostBytes how long it may be
    void headersRead(long declaredBytes, long mostBytes) {
        memory.headRead(declaredBytes);
        phase = Phase.REQUEST;
        inbound.notDue();
        bodyNanos = limits.times().body().toNanos();
        taken = 0;
        mostBodyBytes = mostBytes;
        allowance = mostBytes + FRAMING_BYTES;
    }

    /// The answer is out.
    ///
    /// @param buffered whether bytes of the next request were taken already
    void requestDone(boolean buffered) {
        if (buffered) {
            awaitHeaders();
        } else {
            phase = Phase.IDLE;
            inbound.idleFor(limits.times().idle());
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
        inbound.notDue();
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
}
