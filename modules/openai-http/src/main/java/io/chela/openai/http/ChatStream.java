package io.chela.openai.http;

import io.chela.agent.runtime.TurnSink;
import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.RunEvent;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.edge.Problems;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes a run as chunks: the role, what the model says, why it stopped, what it cost, `[DONE]`.
///
/// Nothing is sent, no status either, before the model's first content, tool call or finish: a failure before
/// that
/// can still be an error with its own status. For the thread that plays the run.
final class ChatStream implements TurnSink {
    private final Completion completion;
    private final boolean includeUsage;
    private final Supplier<SseWriter> opening;
    private @Nullable SseWriter writer;

    /// @param opening sends the status and the headers, and gives the stream
    ChatStream(Completion completion, boolean includeUsage, Supplier<SseWriter> opening) {
        this.completion = completion;
        this.includeUsage = includeUsage;
        this.opening = opening;
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
        open().send(completion.chunk(delta));
    }

    /// Ends the stream; answers with the problem when nothing was sent yet, for the caller to send as plain
    /// JSON.
    Optional<Problem> end(TurnOutcome outcome) {
        return switch (outcome) {
            case TurnOutcome.Completed completed -> {
                complete(completed);
                yield Optional.empty();
            }
            case TurnOutcome.Failed(var problem) -> fail(problem);
            case TurnOutcome.TimedOut _ -> fail(new Problem.TimedOut());
            case TurnOutcome.Cancelled _ -> fail(Outcomes.CANCELLED);
        };
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

    private SseWriter open() {
        SseWriter open = writer;
        if (open == null) {
            open = opening.get();
            writer = open;
            open.send(completion.chunk(Json.object().put("role", "assistant")));
        }
        return open;
    }
}
