package io.chela.model.llamacpp;

import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.ProblemException;
import io.chela.api.spi.ModelState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The turns of one model, one after another in the order they came. For any thread; nothing in it blocks.
///
/// Locks are taken in one order: a lane's, then a reply's.
final class Lane {
    /// When a refused caller may try again.
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final String file;
    private final int maxWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<LlamaCppReply> waiting = new ArrayDeque<>();
    private Optional<LlamaCppReply> running = Optional.empty();
    private Optional<WorkerProcess> worker = Optional.empty();
    private volatile ModelState state;
    private boolean cancelling;
    private boolean closed;
    private long lastId;

    /// @param file the model file's name
    Lane(String file, int maxWaiting) {
        this.file = file;
        this.maxWaiting = maxWaiting;
        this.state = new ModelState.Loading("loading " + file);
    }

    ModelState state() {
        return state;
    }

    /// Puts a turn at the end of the queue; it begins at once when it is the only one.
    ///
    /// @throws ProblemException `Busy` when the queue is full, `Unavailable` when the model cannot be used
    void join(LlamaCppReply reply) {
        lock.lock();
        try {
            if (state instanceof ModelState.Failed(String why)) {
                throw new ProblemException(failure(why));
            }
            boolean atOnce = worker.isPresent() && running.isEmpty() && waiting.isEmpty();
            if (!atOnce && waiting.size() >= maxWaiting) {
                throw new ProblemException(new Problem.Busy(
                        "model busy",
                        "The model is busy and " + maxWaiting + " turns wait for it already.",
                        RETRY_AFTER));
            }
            waiting.add(reply);
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    /// Takes a turn out: out of the queue, or by stopping its generation. Idempotent.
    void leave(LlamaCppReply reply) {
        lock.lock();
        try {
            waiting.remove(reply);
            if (worker.isPresent() && isRunning(reply) && !cancelling) {
                cancelling = true;
                worker.get().send(new ToWorker.Cancel(reply.id()));
                new CancelWatch(this, reply, worker.get()).start();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isRunning(LlamaCppReply reply) {
        lock.lock();
        try {
            return running.filter(reply::equals).isPresent();
        } finally {
            lock.unlock();
        }
    }

    void ready(WorkerProcess newWorker) {
        lock.lock();
        try {
            if (!closed) {
                worker = Optional.of(newWorker);
                state = new ModelState.Ready();
                dispatch();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Hands what the worker said to the running turn; whatever it says about another is late and dropped.
    void accept(FromWorker.Said said) {
        lock.lock();
        try {
            Optional<LlamaCppReply> to = running.filter(reply -> reply.id() == said.id());
            if (to.isEmpty()) {
                return;
            }
            if (!to.get().accept(said)) {
                leave(to.get());
            }
            if (said.isEnd()) {
                running = Optional.empty();
                dispatch();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The worker has ended and is being restarted: the running turn fails, the others wait.
    void lost(int exit) {
        lock.lock();
        try {
            worker = Optional.empty();
            state = new ModelState.Loading("restarting, loading " + file);
            running.ifPresent(reply -> reply.broken(
                    Fault.PROCESS_ENDED, "the model process ended (exit " + exit + ") and is being restarted"));
            running = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The model cannot be used for now: every turn fails.
    void failed(String why) {
        lock.lock();
        try {
            worker = Optional.empty();
            state = new ModelState.Failed(why);
            waiting.forEach(reply -> reply.fail(failure(why)));
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /// The gateway is stopping: every turn ends.
    void close() {
        lock.lock();
        try {
            closed = true;
            running.ifPresent(reply -> reply.fail(stopping()));
            running = Optional.empty();
            failed(stopping().message());
        } finally {
            lock.unlock();
        }
    }

    private static Problem.Unavailable stopping() {
        return Problem.Unavailable.stopping(RETRY_AFTER);
    }

    private static Problem failure(String why) {
        return new Problem.Unavailable("model failed", why, RETRY_AFTER);
    }

    private void dispatch() {
        if (worker.isPresent() && running.isEmpty() && !waiting.isEmpty()) {
            LlamaCppReply next = waiting.remove();
            running = Optional.of(next);
            cancelling = false;
            worker.get().send(next.begin(++lastId));
        }
    }
}
