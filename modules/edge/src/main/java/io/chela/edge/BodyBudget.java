package io.chela.edge;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory the large request bodies of all callers may take together. Safe for many threads.
///
/// A body is counted [#FACTOR] times: as it is read, as text, as the tree that is made of it and as what goes to the
/// model. One that is larger than all there is may come when nobody else holds anything.
final class BodyBudget {
    /// Bodies up to this many bytes are not counted: their number is bounded by that of the connections.
    static final int SMALL = 64 * 1024;

    static final int FACTOR = 4;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /// @param most in bytes of memory
    BodyBudget(long most) {
        this.most = most;
    }

    /// A quarter of the heap.
    static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / 4);
    }

    /// Takes memory for this much of a body; false when others hold too much.
    boolean take(long bodyBytes) {
        long wanted = bodyBytes * FACTOR;
        long before = held.getAndUpdate(now -> fits(now, wanted) ? now + wanted : now);
        return fits(before, wanted);
    }

    private boolean fits(long now, long wanted) {
        return now == 0 || now + wanted <= most;
    }

    void give(long bodyBytes) {
        held.addAndGet(-bodyBytes * FACTOR);
    }
}
