package io.chela.edge;

import io.chela.api.Budget;

/// What one connection holds of the gateway's budget: for the head and body of a request, or for a WebSocket's
/// message. For the thread of its requests.
final class RequestMemory {
    /// How often a head or a body is held: as it is read, as text, as the tree made of it, as what goes to the model.
    private static final int FACTOR = 4;

    /// A body that says it is longer is held whole from the moment this much of it has come.
    private static final int TAKEN_SERIOUSLY = 64 * 1024;

    private final Budget budget;
    private Budget.Hold memory;
    private long head;
    private long declared;

    RequestMemory(Budget budget) {
        this.budget = budget;
        this.memory = budget.hold();
    }

    /// A part of a head has come; false when there is no memory for it.
    boolean head(int bytes) {
        return memory.grow((long) FACTOR * bytes); // kept, copied and taken apart by Helidon
    }

    /// What comes now is a body.
    ///
    /// @param declaredBytes what it says of its length; 0 when it does not
    void headRead(long declaredBytes) {
        declared = declaredBytes;
        head = memory.bytes();
    }

    /// So much of a body has come; false when there is no memory for it.
    boolean body(long taken) {
        long expected = taken > TAKEN_SERIOUSLY ? Math.max(declared, 2 * taken) : 2 * taken;
        return head + FACTOR * taken <= memory.bytes() || memory.atLeast(head + FACTOR * expected);
    }

    /// The body has gone on to the model: from now on it is held once, to be stored and asked again.
    void passedOn() {
        memory.atMost(memory.bytes() / FACTOR);
    }

    /// Gives everything back.
    void release() {
        memory.atMost(0);
        head = 0;
        declared = 0;
    }

    /// Leaves what is held to whoever goes on with it.
    Budget.Hold handOver() {
        Budget.Hold handed = memory;
        memory = budget.hold();
        return handed;
    }
}
