package io.chela.model.llamacpp;

import static io.chela.api.Problem.Upstream.Kind.SILENT;
import static io.chela.api.Problem.Upstream.Kind.UNKNOWN;

import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.ProblemException;
import io.chela.api.Usage;
import io.chela.api.spi.ModelReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One turn: joins the lane at the first `hasNext`, is filled by the worker's reader, emptied by the caller.
final class LlamaCppReply implements ModelReply {
    /// Pieces that may wait for a slow caller: 4,096 tokens, a minute of generation. Then the generation is stopped, so
    /// that one caller cannot hold the model, or memory, for ever.
    static final int MAX_UNREAD = 4096;

    /// How long a turn may wait for its place.
    static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private final Lane lane;
    private final Question question;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ModelEvent> unread = new ArrayDeque<>();
    private Optional<Problem> failure = Optional.empty();
    private boolean joined;
    private boolean began;
    private boolean ended;
    private boolean closed;
    private long id;
    private long deadline = System.nanoTime() + MAX_WAIT.toNanos();

    LlamaCppReply(Lane lane, Question question) {
        this.lane = lane;
        this.question = question;
    }

    @Override
    public Iterator<ModelEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return isMore();
            }

            @Override
            public ModelEvent next() {
                if (!isMore()) {
                    throw new NoSuchElementException();
                }
                return take();
            }
        };
    }

    private ModelEvent take() {
        lock.lock();
        try {
            return unread.remove();
        } finally {
            lock.unlock();
        }
    }

    private boolean isMore() {
        try {
            join();
            return await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            close();
            throw new CancellationException("the caller was interrupted");
        } finally {
            leaveWhenOver();
        }
    }

    private void join() {
        if (joined) {
            return;
        }
        joined = true;
        try {
            lane.join(this);
        } catch (ProblemException e) {
            fail(e.problem());
        }
    }

    private boolean await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (unread.isEmpty() && !ended && !closed && failure.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    failure = Optional.of(late());
                } else {
                    long _ = changed.awaitNanos(left);
                }
            }
            if (closed) {
                throw new CancellationException("the reply was closed");
            }
            if (unread.isEmpty() && failure.isPresent()) {
                throw new ProblemException(failure.get());
            }
            return !unread.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private Problem late() {
        return began
                ? question.upstream(
                        SILENT,
                        Optional.empty(),
                        "the model said nothing for " + question.silence().toSeconds() + " seconds")
                : new Problem.Busy(
                        "model busy", "The model was busy for " + MAX_WAIT.toMinutes() + " minutes.", Lane.RETRY_AFTER);
    }

    private void leaveWhenOver() {
        if (isOver()) {
            lane.leave(this);
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return closed || failure.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /// Called by the lane when it is this turn's time.
    ToWorker.Generate begin(long newId) {
        lock.lock();
        try {
            id = newId;
            began = true;
            heard();
            return new ToWorker.Generate(newId, question.text(), question.sampling());
        } finally {
            lock.unlock();
        }
    }

    long id() {
        lock.lock();
        try {
            return id;
        } finally {
            lock.unlock();
        }
    }

    /// Takes what the worker said; false when the generation is to be stopped.
    boolean accept(FromWorker.Said said) {
        lock.lock();
        try {
            heard();
            switch (said) {
                case FromWorker.Progress _ -> {}
                case FromWorker.Piece piece -> {
                    return closed || piece(piece.text());
                }
                case FromWorker.Done done -> end(done);
                case FromWorker.TooLong much -> fail(question.tooLong(much.promptTokens() + " tokens"));
                case FromWorker.Failed failed -> broken(Fault.MODEL_FAILED, "the model failed: " + failed.why());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean piece(String text) {
        if (failure.isPresent()) {
            return true; // being stopped already
        }
        if (unread.size() >= MAX_UNREAD) {
            broken(
                    Fault.SLOW_READER,
                    "the caller reads too slowly: the answer was stopped " + MAX_UNREAD + " pieces ahead of it");
            return false;
        }
        unread.add(new ModelEvent.Text(text));
        return true;
    }

    private void end(FromWorker.Done done) {
        if (failure.isEmpty()) {
            unread.add(new ModelEvent.Finish(done.finish()));
            unread.add(new ModelEvent.Used(Usage.of(done.promptTokens(), done.completionTokens())));
            ended = true;
        }
    }

    private void heard() {
        deadline = System.nanoTime() + question.silence().toNanos();
        changed.signalAll();
    }

    void broken(Fault fault, String why) {
        // Not BROKEN, which is asked again: what ended one worker may end the next.
        fail(question.upstream(UNKNOWN, Optional.of(fault), why));
    }

    /// Ends the turn with a problem, which the caller gets behind what is unread.
    void fail(Problem problem) {
        lock.lock();
        try {
            if (failure.isEmpty() && !ended) {
                failure = Optional.of(problem);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            unread.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lane.leave(this);
    }
}
