package io.chela.edge;

import java.util.concurrent.atomic.AtomicInteger;

/// How many connections the heap holds, by what one of them takes. Strangers open them, so they must not be able
/// to fill it. Safe for many threads.
final class Room {
    /// What a connection takes that has sent nothing: its buffers and the stack that waits, in bytes, as measured.
    private static final int SILENT_BYTES = 18 * 1024;

    /// What one takes beside that once it has asked something: stacks keep the size that they had.
    private static final int ATTENDED_BYTES = 12 * 1024;

    /// What TLS keeps for one: 95 KB were measured.
    private static final int TLS_BYTES = 96 * 1024;

    private final long heap;
    private final AtomicInteger attended = new AtomicInteger();

    /// @param heap the largest heap, in bytes
    Room(long heap) {
        this.heap = heap;
    }

    /// A connection has someone who attends to its requests.
    void began() {
        attended.incrementAndGet();
    }

    /// One is idle again, or gone.
    void ended() {
        attended.decrementAndGet();
    }

    /// Tells whether there is none for another connection: the rest of the heap is for what they say.
    boolean isFull(int open, boolean secure) {
        return taken(open, secure) > heap / 4 * 3;
    }

    /// Tells whether a connection should end with its answer, to make room for others.
    boolean isNarrow(int open, boolean secure) {
        return taken(open, secure) > heap / 2;
    }

    private long taken(int open, boolean secure) {
        return (long) open * (secure ? TLS_BYTES : SILENT_BYTES) + (long) attended.get() * ATTENDED_BYTES;
    }
}
