package io.chela.edge;

import io.chela.api.Budget;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What waits for the peers of all WebSockets, counted in one budget: when that is used up, the one that reads
/// slowest pays. Safe for many threads; never blocks.
final class Outboxes {
    private final Budget budget;
    private final Set<Outbox> open = ConcurrentHashMap.newKeySet();

    Outboxes(Budget budget) {
        this.budget = budget;
    }

    Budget.Hold hold() {
        return budget.hold();
    }

    void join(Outbox outbox) {
        open.add(outbox);
    }

    void leave(Outbox outbox) {
        open.remove(outbox);
    }

    /// Takes memory for a message, from the fullest outbox if there is no other; false when that is not enough.
    boolean take(Budget.Hold memory, long bytes) {
        if (memory.grow(bytes)) {
            return true;
        }
        open.stream().max(Comparator.comparingLong(Outbox::bytes)).ifPresent(Outbox::overflow);
        return memory.grow(bytes);
    }
}
