package io.chela.session;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The queues of all sessions that somebody waits for; an empty one is removed. The first ticket of a queue has
/// the lane.
///
/// One lock guards them all, and is held for a moment only.
final class Lanes {
    /// What a refused caller is told to wait; turns take seconds.
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, ArrayDeque<LaneTicket>> queues = new HashMap<>();

    /// @param mostWaiting how many may wait behind the one that has the lane
    void join(LaneTicket ticket, int mostWaiting) {
        lock.lock();
        try {
            var queue = queues.computeIfAbsent(ticket.place(), _ -> new ArrayDeque<>());
            if (queue.size() > mostWaiting) {
                throw busy(queue.size() - 1);
            }
            queue.add(ticket);
            if (queue.size() == 1) {
                ticket.turn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes a ticket out; when it had the lane, the next one has it. Does nothing for one that is not queued.
    void leave(LaneTicket ticket) {
        lock.lock();
        try {
            var queue = queues.get(ticket.place());
            if (queue == null || !queue.remove(ticket)) {
                return;
            }
            if (queue.isEmpty()) {
                queues.remove(ticket.place());
            } else {
                // For one that has its turn already this changes nothing.
                queue.element().turn();
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many sessions have a running or waiting turn.
    int size() {
        lock.lock();
        try {
            return queues.size();
        } finally {
            lock.unlock();
        }
    }

    private static ProblemException busy(int waiting) {
        return new ProblemException(new Problem.Busy(
                "limits.waitingPerSession",
                "The session is busy: " + waiting + " turns wait for it already, and no more may.",
                RETRY_AFTER));
    }
}
