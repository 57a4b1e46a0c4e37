package io.chela.app;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// Writes lines on a thread of its own, many at a time: whoever logs never waits for a disk or a pipe.
///
/// What does not fit into the buffer is counted, and the next line that is written says how many were lost.
final class LogWriter implements AutoCloseable {
    /// What waits to be written, at most.
    static final int MAX_BUFFERED_BYTES = 1024 * 1024;

    /// How long a line waits for others.
    static final Duration GATHER = Duration.ofMillis(100);

    /// How long closing waits for the last lines.
    static final Duration CLOSE = Duration.ofSeconds(2);

    /// Where lines go. For the writer's thread alone.
    interface Output extends AutoCloseable {
        /// Writes whole lines; false when they are lost.
        boolean write(byte[] lines, int length);

        @Override
        void close();
    }

    private final Output output;
    private final LongFunction<byte[]> notice;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long lost;
    private boolean urgent;
    private boolean closing;

    /// @param notice the line that says how many were lost
    LogWriter(String name, Output output, LongFunction<byte[]> notice) {
        this.output = output;
        this.notice = notice;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /// Takes a line to be written soon, at once when it is urgent. Does not block.
    void add(byte[] line, boolean now) {
        lock.lock();
        try {
            if (closing || waiting.size() + line.length > MAX_BUFFERED_BYTES) {
                lost++;
                return;
            }
            boolean first = waiting.size() == 0;
            waiting.writeBytes(line);
            boolean full = waiting.size() > MAX_BUFFERED_BYTES / 2;
            if (first || (!urgent && (now || full))) {
                urgent |= now || full;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        ByteArrayOutputStream spare = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            ByteArrayOutputStream lines;
            lock.lock();
            try {
                gather();
                last = closing;
                lines = waiting;
                waiting = spare;
                urgent = false;
            } finally {
                lock.unlock();
            }
            write(lines);
            lines.reset();
            spare = lines;
        }
        output.close();
    }

    /// Waits for lines, and then for more of them; with the lock.
    private void gather() {
        while (waiting.size() == 0 && !closing) {
            arrived.awaitUninterruptibly();
        }
        long nanos = GATHER.toNanos();
        while (!urgent && !closing && nanos > 0) {
            try {
                nanos = arrived.awaitNanos(nanos);
            } catch (InterruptedException _) {
                return; // nobody interrupts this thread; to write at once is harmless
            }
        }
    }

    private void write(ByteArrayOutputStream lines) {
        long before = takeLost();
        byte[] told = before > 0 ? notice.apply(before) : new byte[0];
        if (told.length + lines.size() == 0) {
            return;
        }
        byte[] all = new byte[told.length + lines.size()];
        System.arraycopy(told, 0, all, 0, told.length);
        System.arraycopy(lines.toByteArray(), 0, all, told.length, lines.size());
        if (!output.write(all, all.length)) {
            giveBackLost(before + count(lines.toByteArray()));
        }
    }

    private static long count(byte[] lines) {
        long count = 0;
        for (byte b : lines) {
            count += b == '\n' ? 1 : 0;
        }
        return count;
    }

    private long takeLost() {
        lock.lock();
        try {
            long taken = lost;
            lost = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void giveBackLost(long count) {
        lock.lock();
        try {
            lost += count;
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits, for at most [#CLOSE].
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
