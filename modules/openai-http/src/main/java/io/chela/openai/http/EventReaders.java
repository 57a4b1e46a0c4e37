package io.chela.openai.http;

import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.edge.Gateway;
import io.helidon.http.sse.SseEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Who reads `/v1/events` now. Safe for many threads; never blocks.
final class EventReaders {
    /// The most of them that belong to one principal.
    static final int MAX_OF_ONE = 8;

    private static final Duration FULL_RETRY = Duration.ofSeconds(5);
    private static final Duration STOPPING_RETRY = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<EventReader> open = new HashSet<>();
    private boolean draining; // guarded by the lock

    /// Adds a reader until it is closed.
    ///
    /// @param most how many there may be, over all callers
    /// @param abort ends its connection, whatever its thread waits for; does not block
    /// @throws ProblemException with `Unavailable` when there are too many, or the gateway is stopping
    EventReader add(EventReader.Admission admission, int most, Runnable abort) {
        Principal principal = admission.granted().principal();
        var reader = new EventReader(admission, abort, this::remove);
        lock.lock();
        try {
            if (draining) {
                throw new ProblemException(Problem.Unavailable.stopping(STOPPING_RETRY));
            }
            long theirs = open.stream()
                    .filter(other -> other.principal().id().equals(principal.id()))
                    .count();
            if (theirs >= MAX_OF_ONE) {
                throw new ProblemException(new Problem.Unavailable(
                        "event readers of one caller",
                        "You have " + MAX_OF_ONE + " readers of events already.",
                        FULL_RETRY));
            }
            if (open.size() >= most) {
                throw new ProblemException(new Problem.Unavailable(
                        "limits.eventReaders", "There are " + most + " readers of events already.", FULL_RETRY));
            }
            open.add(reader);
        } finally {
            lock.unlock();
        }
        return reader;
    }

    private void remove(EventReader reader) {
        lock.lock();
        try {
            open.remove(reader);
        } finally {
            lock.unlock();
        }
    }

    /// Hands an event about a run of this owner to everybody who may see it; built only when somebody may.
    void tell(String owner, Supplier<SseEvent> event) {
        List<EventReader> interested = readers().stream()
                .filter(reader -> maySee(reader.principal(), owner))
                .toList();
        if (!interested.isEmpty()) {
            SseEvent built = event.get();
            interested.forEach(reader -> reader.offer(built));
        }
    }

    private static boolean maySee(Principal principal, String owner) {
        return principal.id().equals(owner) || principal.has(Scope.ADMIN);
    }

    /// Ends those that this gateway would not let in the same.
    void reread(Gateway now) {
        readers().forEach(reader -> reader.endUnlessAdmitted(now));
    }

    /// Ends every reader once it has read what waits for it, and takes no more.
    void drain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
        readers().forEach(EventReader::close);
    }

    int count() {
        return readers().size();
    }

    private List<EventReader> readers() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }
}
