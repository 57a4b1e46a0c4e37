package io.chela.openai.http;

import io.chela.agent.runtime.TurnSink;
import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.RunEvent;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.edge.Problems;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes a run as chunks: the role, what the model says, why it stopped, what it cost, `[DONE]`.
///
/// Nothing is sent, no status either, before the model's first content, tool call or other word, for a while:
/// a failure before that can still be an error with its own status. Written to by the thread that plays the run, and
/// by a second one while the model is silent; that one is gone when the stream is closed.
final class ChatStream implements TurnSink, AutoCloseable {
    private final Completion completion;
    private final boolean includeUsage;
    private final Supplier<SseWriter> opening;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private @Nullable SseWriter writer;
    private long lastWritten = System.nanoTime();
    private boolean over;

    /// @param opening sends the status and the headers, and gives the stream
    ChatStream(Completion completion, boolean includeUsage, Supplier<SseWriter> opening) {
        this.completion = completion;
        this.includeUsage = includeUsage;
        this.opening = opening;
    }

    /// Begins the stream when the model is silent for too long, and keeps it alive from then on, until it ends.
    ///
    /// @param gone told when the reader turns out to have left
    /// @return the second thread, which ends with the stream
    Thread keepAlive(StreamTimes times, Runnable gone) {
        return Thread.ofVirtual().name("keep-alive").start(() -> {
            try {
                beat(times);
            } catch (RuntimeException _) {
                gone.run();
            }
        });
    }

    private void beat(StreamTimes times) {
        lock.lock();
        try {
            while (!over) {
                Duration patience = writer == null ? times.hold() : times.silence();
                long left = lastWritten + patience.toNanos() - System.nanoTime();
                if (left > 0) {
                    long _ = changed.awaitNanos(left);
                } else if (writer == null) {
                    open();
                } else {
                    open().keepAlive();
                    lastWritten = System.nanoTime();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void accept(RunEvent event) {
        switch (event.event()) {
            case ModelEvent.Text(var text) -> delta(Json.object().put("content", text));
            case ModelEvent.ToolCallDelta(var fragment) -> toolCall(fragment);
            case ModelEvent.Extra(var member, var value) -> {
                ObjectNode delta = Json.object();
                delta.set(member, value);
                delta(delta);
            }
            // The last chunks wait for the outcome: the answer must be stored before its last byte is sent.
            case ModelEvent.Finish _, ModelEvent.Used _, TurnEvent.Started _, TurnEvent.Calling _ -> {}
        }
    }

    private void toolCall(ObjectNode fragment) {
        ObjectNode delta = Json.object();
        delta.putArray("tool_calls").add(fragment);
        delta(delta);
    }

    private void delta(ObjectNode delta) {
        lock.lock();
        try {
            open().send(completion.chunk(delta));
            lastWritten = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the stream; answers with the problem when nothing was sent yet, for the caller to send as plain
    /// JSON.
    Optional<Problem> end(TurnOutcome outcome) {
        lock.lock();
        try {
            close();
            return switch (outcome) {
                case TurnOutcome.Completed completed -> {
                    complete(completed);
                    yield Optional.empty();
                }
                case TurnOutcome.Failed(var problem) -> fail(problem);
                case TurnOutcome.TimedOut _ -> fail(new Problem.TimedOut());
                case TurnOutcome.Cancelled _ -> fail(Outcomes.CANCELLED);
            };
        } finally {
            lock.unlock();
        }
    }

    private void complete(TurnOutcome.Completed completed) {
        try (SseWriter out = open()) {
            out.send(completion.lastChunk(completed.finishReason()));
            if (includeUsage) {
                completed.usage().ifPresent(usage -> out.send(completion.usageChunk(usage.json())));
            }
            out.done();
        }
    }

    private Optional<Problem> fail(Problem problem) {
        SseWriter open = writer;
        if (open == null) {
            return Optional.of(problem);
        }
        try (open) {
            open.send(Problems.body(problem));
            open.done();
        }
        return Optional.empty();
    }

    /// Lets nobody write any more but [#end].
    @Override
    public void close() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private SseWriter open() {
        SseWriter open = writer;
        if (open == null) {
            open = opening.get();
            writer = open;
            open.send(completion.chunk(Json.object().put("role", "assistant")));
            lastWritten = System.nanoTime();
        }
        return open;
    }
}
