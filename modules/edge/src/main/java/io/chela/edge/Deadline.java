package io.chela.edge;

import java.time.Duration;

/// A moment that one thread sets and any may ask about.
final class Deadline {
    private static final long NEVER = 0;

    private volatile long at = NEVER;

    void in(Duration limit) {
        long moment = System.nanoTime() + limit.toNanos();
        at = moment == NEVER ? 1 : moment;
    }

    void never() {
        at = NEVER;
    }

    /// @param nowNanos [System#nanoTime()]
    boolean isPast(long nowNanos) {
        long moment = at;
        return moment != NEVER && nowNanos - moment >= 0;
    }
}
