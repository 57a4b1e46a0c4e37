package io.chela.edge;

import java.util.concurrent.atomic.AtomicInteger;

/// How many connections the heap holds, by what one of them takes. Strangers open them, so they must not be able
/// to fill it. Safe for many threads.
final class Room {
    /// What a connection takes that is idle, in bytes, as measured: 8 KB a buffer of Helidon's, 6 the stack that waits.
    /// One that has never asked anything takes 2 KB less.
    private static final int IDLE_BYTES = 15_872;

    /// What one takes beside that while somebody attends to its requests.
    private static final int ATTENDED_BYTES = 14 * 1024;

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
        return taken(open, secure) > heap / 10 * 7;
    }

    private long taken(int open, boolean secure) {
        return (long) open * (secure ? TLS_BYTES : IDLE_BYTES) + (long) attended.get() * ATTENDED_BYTES;
    }
}
