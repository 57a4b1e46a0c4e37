package io.chela.edge;

import io.chela.api.Budget;
import io.chela.api.Utf8;
import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsSession;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one WebSocket: bounded in bytes, written by one virtual thread, which alone
/// touches the
/// session, so that nobody else ever waits for a slow reader.
final class Outbox {
    private static final int MAX_REASON_BYTES = 123;

    /// What the writer does next.
    private sealed interface Step {
        record Text(String text, long bytes) implements Step {}

        record Ping() implements Step {}

        record Pong(BufferData payload) implements Step {}

        record Close(int code, String reason) implements Step {}

        record Abort() implements Step {}
    }

    private final WsLimits limits;
    private final Outboxes all;
    private final Runnable abort;
    private final Budget.Hold memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<Step.Text> waiting = new ArrayDeque<>();
    private long bytes;
    private Step.@Nullable Pong pong; // answering the latest ping is enough: RFC 6455, 5.5.3
    private Step.@Nullable Close closing;
    private boolean heard = true;
    private boolean written; // the close frame, or all that ever will be
    private boolean ended;
    private long pingAt;

    /// @param all of the gateway
    /// @param abort ends the connection whatever it waits for
    Outbox(WsLimits limits, Outboxes all, Runnable abort) {
        this.limits = limits;
        this.all = all;
        this.memory = all.hold();
        this.abort = abort;
        this.pingAt = System.nanoTime() + limits.pingEvery().toNanos();
    }

    /// Starts the writer.
    void start(WsSession session) {
        all.join(this);
        Thread.ofVirtual().name("ws-outbox").start(() -> write(session));
    }

    /// False when it is closed, or full, which closes it.
    boolean offer(String text) {
        long length = Utf8.length(text);
        if (!all.take(memory, length)) { // without the lock: it may close another
            overflow();
            return false;
        }
        lock.lock();
        try {
            if (closing != null || ended) {
                memory.shrink(length);
                return false;
            }
            waiting.add(new Step.Text(text, length));
            bytes += length;
            if (bytes > limits.outboxBytes()) {
                overflow();
                return false;
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// How much waits, in bytes.
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Drops what waits and closes: the peer reads too slowly.
    void overflow() {
        lock.lock();
        try {
            drop();
            if (closing == null) {
                closing = new Step.Close(CloseCode.POLICY_VIOLATION, "slow consumer");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        waiting.forEach(this::gone);
        waiting.clear();
    }

    private void gone(Step.Text text) {
        bytes -= text.bytes();
        memory.shrink(text.bytes());
    }

    void pong(BufferData payload) {
        lock.lock();
        try {
            pong = new Step.Pong(payload);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Closes behind what waits; the first close counts.
    void close(int code, String reason) {
        lock.lock();
        try {
            if (closing == null) {
                closing = new Step.Close(code, Utf8.cut(reason, MAX_REASON_BYTES));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Closes before what waits, and returns when the frame is written or can no longer be.
    void closeNow(int code, String reason) {
        close(code, reason);
        lock.lock();
        try {
            drop();
            changed.signalAll();
            long left = limits.closeWithin().toNanos();
            while (!written && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Our own close, if there is one.
    Optional<WsEnd> closing() {
        lock.lock();
        try {
            return Optional.ofNullable(closing).map(close -> new WsEnd(close.code(), close.reason(), true));
        } finally {
            lock.unlock();
        }
    }

    /// Something came from the peer.
    void heard() {
        lock.lock();
        try {
            heard = true;
        } finally {
            lock.unlock();
        }
    }

    /// The connection is over.
    void ended() {
        lock.lock();
        try {
            ended = true;
            waiting.clear();
            memory.close();
            all.leave(this);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(WsSession session) {
        try {
            while (step(session)) {
                // one frame at a time
            }
        } catch (RuntimeException _) {
            // the peer is gone or does not read: either way there is nobody to tell
        } finally {
            finish();
        }
    }

    private boolean step(WsSession session) {
        Optional<Step> next = next();
        next.ifPresent(step -> {
            switch (step) {
                case Step.Text text -> {
                    session.send(text.text(), true);
                    written(text);
                }
                case Step.Ping _ -> session.ping(BufferData.empty());
                case Step.Pong answer -> session.pong(answer.payload());
                case Step.Close close -> session.close(close.code(), close.reason());
                case Step.Abort _ -> abort.run();
            }
        });
        return next.filter(step -> !(step instanceof Step.Close || step instanceof Step.Abort))
                .isPresent();
    }

    private void written(Step.Text text) {
        lock.lock();
        try {
            gone(text);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Step> next() {
        lock.lock();
        try {
            while (!ended) {
                Step step = ready();
                if (step != null) {
                    return Optional.of(step);
                }
                changed.awaitNanos(pingAt - System.nanoTime());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    private @Nullable Step ready() {
        if (pong != null) {
            Step answer = pong;
            pong = null;
            return answer;
        }
        if (pingAt - System.nanoTime() <= 0 && closing == null) {
            if (!heard) {
                return new Step.Abort();
            }
            heard = false;
            pingAt = System.nanoTime() + limits.pingEvery().toNanos();
            return new Step.Ping();
        }
        Step text = waiting.poll();
        return text == null ? closing : text;
    }

    /// Gives the peer its time to answer our close frame, then cuts it off.
    private void finish() {
        lock.lock();
        try {
            written = true;
            changed.signalAll();
            long left = limits.closeWithin().toNanos();
            while (!ended && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        abort.run();
    }
}
