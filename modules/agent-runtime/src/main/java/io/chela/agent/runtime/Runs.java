package io.chela.agent.runtime;

import io.chela.api.Budget;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Every run that is running, and for a while those that have ended: the one registry, for every door. Safe for
/// many threads.
public final class Runs {
    /// How long an ended run can still be asked for.
    public static final Duration REMEMBERED = Duration.ofMinutes(5);

    /// How many ended runs are kept at most, and how many characters of their answers together.
    static final int MAX_ENDED = 1_000;

    static final long MAX_ENDED_CHARS = 16L * 1024 * 1024;

    private record Key(String owner, RunId id) {}

    private static final Duration FULL_RETRY = Duration.ofSeconds(1);

    private final Clock clock;
    private final Budget budget;
    private final Deadlines deadlines = new Deadlines(this::all);
    private final List<RunObserver> observers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Map<Key, Run> running = new LinkedHashMap<>();
    private final LinkedHashMap<Key, Run> ended = new LinkedHashMap<>();
    private long endedChars;
    private boolean draining;

    /// @param budget what answers are counted in while they grow
    public Runs(Clock clock, Budget budget) {
        this.clock = clock;
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    /// Has the observer told of every event from now on, until closed.
    public AutoCloseable observe(RunObserver observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    /// Finds an owner's run, running or ended not long ago.
    public Optional<Run> find(String owner, RunId id) {
        Key key = new Key(owner, id);
        lock.lock();
        try {
            forgetOld();
            return Optional.ofNullable(running.get(key)).or(() -> Optional.ofNullable(ended.get(key)));
        } finally {
            lock.unlock();
        }
    }

    public int running() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    /// What one owner has running.
    public List<Run> running(String owner) {
        return all().stream().filter(run -> run.owner().equals(owner)).toList();
    }

    /// Takes no new runs from now on.
    public void drain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing runs; false when something still did after the time.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty() && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            return running.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Cancels everything that runs.
    public void cancelAll() {
        all().forEach(Run::cancel);
    }

    private List<Run> all() {
        lock.lock();
        try {
            return List.copyOf(running.values());
        } finally {
            lock.unlock();
        }
    }

    /// @param most how many may run
    void add(Run run, int most) {
        Key key = new Key(run.owner(), run.id());
        lock.lock();
        try {
            if (draining) {
                throw new ProblemException(Problem.Unavailable.stopping(Duration.ofSeconds(1)));
            }
            if (running.containsKey(key) || ended.containsKey(key)) {
                throw new ProblemException(
                        new Problem.Conflict("There is a run with the id '" + run.id() + "' already."));
            }
            if (running.size() >= most) {
                throw new ProblemException(new Problem.Unavailable(
                        "limits.concurrentTurns",
                        "The gateway runs " + running.size() + " turns already, and no more may.",
                        FULL_RETRY));
            }
            running.put(key, run);
        } finally {
            lock.unlock();
        }
        deadlines.watch();
    }

    void remove(Run run) {
        Key key = new Key(run.owner(), run.id());
        lock.lock();
        try {
            running.remove(key);
            if (run.outcome().isPresent()) {
                ended.put(key, run);
                endedChars += run.answer().chars();
            }
            forgetOld();
            if (running.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void happened(Run run, RunEvent event) {
        observers.forEach(observer -> observer.happened(run, event));
    }

    void ended(Run run) {
        observers.forEach(observer -> observer.ended(run));
    }

    private void forgetOld() {
        Instant oldest = clock.instant().minus(REMEMBERED);
        var runs = ended.values().iterator();
        while (runs.hasNext()) {
            Run run = runs.next();
            boolean old = run.endedAt().filter(at -> at.isBefore(oldest)).isPresent();
            if (!old && ended.size() <= MAX_ENDED && endedChars <= MAX_ENDED_CHARS) {
                return;
            }
            endedChars -= run.answer().chars();
            runs.remove();
        }
    }

    Clock clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }
}
