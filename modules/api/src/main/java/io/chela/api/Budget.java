package io.chela.api;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory everything that is held for callers and models may take together, in bytes. Safe for many
/// threads; never blocks.
///
/// What somebody holds is a [Hold]. A large one is let in while it fits beside the others; one that would not fit
/// even alone is let in while the others hold next to nothing, since it could never come otherwise, and counts as
/// all there is. Small ones may take half as much again, so that few large requests do not shut the small ones out.
public final class Budget {
    /// A hold of at most this many bytes is small.
    public static final long SMALL = 256L * 1024;

    /// The others hold next to nothing while it is at most this part of the budget.
    private static final int NEXT_TO_NOTHING = 8;

    private volatile long most;
    private final AtomicLong held = new AtomicLong();

    /// @param most in bytes of memory, positive
    public Budget(long most) {
        this.most = positive(most);
    }

    private static long positive(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a budget is positive");
        }
        return bytes;
    }

    /// A quarter of the heap.
    public static Budget ofHeap() {
        return new Budget(quarterOfHeap());
    }

    /// How much that is, in bytes.
    public static long quarterOfHeap() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /// Changes how much there is from now on; what is held stays held, also when it is more.
    public void resize(long bytes) {
        most = positive(bytes);
    }

    /// What all hold now, in bytes.
    public long held() {
        return held.get();
    }

    /// A hold of nothing, to be closed when what it stands for is gone.
    public Hold hold() {
        return new Hold();
    }

    /// How much a hold of this many bytes counts: more than all there is would shut the small ones out.
    private long counted(long bytes) {
        return Math.min(bytes, most);
    }

    private boolean take(long before, long more) {
        long size = most; // once: it may change between the two looks
        long now = held.getAndUpdate(all -> fits(size, all, before, more) ? all + more : all);
        return fits(size, now, before, more);
    }

    private static boolean fits(long size, long all, long before, long more) {
        long then = all + more;
        if (before + more <= SMALL) {
            return then <= size + size / 2;
        }
        return then <= size || all - before <= size / NEXT_TO_NOTHING;
    }

    /// What one request, message or answer holds. Safe for many threads.
    public final class Hold implements AutoCloseable {
        private long bytes;
        private long taken; // as it counts: the budget may have had another size then
        private boolean closed;

        private Hold() {}

        /// Takes more; false, and nothing is taken, when others hold too much.
        public synchronized boolean grow(long more) {
            if (closed) {
                return true; // what is over holds nothing
            }
            long then = Math.max(taken, counted(bytes + more));
            boolean fits = take(taken, then - taken);
            if (fits) {
                bytes += more;
                taken = then;
            }
            return fits;
        }

        /// Takes as much as is missing to this many bytes.
        public synchronized boolean atLeast(long wanted) {
            return wanted <= bytes || grow(wanted - bytes);
        }

        /// Gives back what is more than this many bytes.
        public synchronized void atMost(long wanted) {
            if (wanted < bytes) {
                long then = Math.min(taken, counted(wanted));
                held.addAndGet(then - taken);
                bytes = wanted;
                taken = then;
            }
        }

        /// Gives back a part.
        public synchronized void shrink(long less) {
            atMost(Math.max(0, bytes - less));
        }

        public synchronized long bytes() {
            return bytes;
        }

        /// Gives everything back; nothing is taken any more.
        @Override
        public synchronized void close() {
            atMost(0);
            closed = true;
        }
    }
}
