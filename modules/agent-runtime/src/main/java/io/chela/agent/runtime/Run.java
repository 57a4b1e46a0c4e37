package io.chela.agent.runtime;

import io.chela.api.Agent;
import io.chela.api.ModelEvent;
import io.chela.api.ModelRef;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One run: who, in which session, what it has said, how it ended. Safe for many threads.
public final class Run {
    private final RunId id;
    private final String owner;
    private final Agent agent;
    private final Optional<SessionKey> session;
    private final Instant startedAt;
    private final long deadlineNanos;
    private final Answer answer;
    private volatile ModelRef model;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private @Nullable AutoCloseable waitingOn;
    private Optional<TurnOutcome> stopping = Optional.empty();
    private long nextSeq;
    private Optional<TurnOutcome> outcome = Optional.empty();
    private Optional<Instant> endedAt = Optional.empty();
    private Optional<Instant> saidAt = Optional.empty();

    /// @param answer what it will say
    /// @param longest how long it may last
    Run(Turn turn, Answer answer, Instant startedAt, Duration longest) {
        this.id = turn.run();
        this.owner = turn.owner();
        this.agent = turn.agent();
        this.session = turn.session();
        this.startedAt = startedAt;
        this.deadlineNanos = System.nanoTime() + longest.toNanos();
        this.answer = answer;
        this.model = agent.model();
    }

    public RunId id() {
        return id;
    }

    public String owner() {
        return owner;
    }

    public Agent agent() {
        return agent;
    }

    /// The model that is asked, or was asked last: the agent's own, or one of its fallbacks.
    public ModelRef model() {
        return model;
    }

    public Optional<SessionKey> session() {
        return session;
    }

    public Instant startedAt() {
        return startedAt;
    }

    /// What it has said so far.
    public Answer answer() {
        return answer;
    }

    /// How it ended; empty while it runs.
    public Optional<TurnOutcome> outcome() {
        lock.lock();
        try {
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    public Optional<Instant> endedAt() {
        lock.lock();
        try {
            return endedAt;
        } finally {
            lock.unlock();
        }
    }

    /// When the model said the first of its answer; empty until then.
    public Optional<Instant> saidAt() {
        lock.lock();
        try {
            return saidAt;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the run: what it waits on (its lane, the model) is closed and it comes back as cancelled.
    ///
    /// Does not block; from any thread; nothing happens to a run that has ended.
    public void cancel() {
        stop(new TurnOutcome.Cancelled());
    }

    /// Ends the run like [#cancel], as one that took too long, when its time is over.
    void timeOutAt(long nowNanos) {
        if (nowNanos - deadlineNanos >= 0) {
            stop(new TurnOutcome.TimedOut());
        }
    }

    private void stop(TurnOutcome why) {
        AutoCloseable open;
        lock.lock();
        try {
            if (outcome.isPresent() || stopping.isPresent()) {
                return;
            }
            stopping = Optional.of(why);
            open = waitingOn;
        } finally {
            lock.unlock();
        }
        close(open);
    }

    /// Waits for the end; empty when it did not come in time.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted; the run goes on
    public Optional<TurnOutcome> await(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (outcome.isEmpty() && nanos > 0) {
                nanos = settled.awaitNanos(nanos);
            }
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    /// How it will end because somebody wants it to.
    Optional<TurnOutcome> stopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Names what the run waits on from now on; closed at once when the run was cancelled before.
    void waitsOn(AutoCloseable open) {
        boolean tooLate;
        lock.lock();
        try {
            waitingOn = open;
            tooLate = stopping.isPresent();
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            close(open);
        }
    }

    /// Numbers an event and adds it to what was said. Only the thread that plays the run calls it.
    RunEvent next(TurnEvent event, Instant at) {
        switch (event) {
            case TurnEvent.Calling(var asked) -> {
                model = asked;
                answer.isOf(asked.provider());
            }
            case ModelEvent said -> {
                answer.add(said);
                said(at);
            }
            case TurnEvent.Started _ -> {}
        }
        return new RunEvent(id, nextSeq++, at, event);
    }

    private void said(Instant at) {
        lock.lock();
        try {
            saidAt = saidAt.or(() -> Optional.of(at));
        } finally {
            lock.unlock();
        }
    }

    void end(TurnOutcome how, Instant at) {
        UpstreamFailures.log(this, how);
        answer.release();
        lock.lock();
        try {
            outcome = Optional.of(how);
            endedAt = Optional.of(at);
            waitingOn = null;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void close(@Nullable AutoCloseable open) {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException("a lane or reply refused to close", e);
        }
    }
}
