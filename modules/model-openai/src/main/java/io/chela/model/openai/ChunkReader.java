package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns chunks of a chat completion into model events. Source: OpenAI API reference, "The chat completion
/// chunk
/// object".
final class ChunkReader {
    private static final Set<String> OURS = Set.of("role", "content", "tool_calls");

    private boolean finished;
    private boolean calledTools;

    /// Tells whether the model said why it stopped.
    boolean finished() {
        return finished;
    }

    /// Reads one chunk, or a whole completion from a server that does not stream.
    List<ModelEvent> read(ObjectNode chunk) {
        List<ModelEvent> events = new ArrayList<>();
        JsonNode choice = chunk.path("choices").path(0);
        JsonNode delta = choice.path(choice.has("delta") ? "delta" : "message");
        String text = delta.path("content").stringValue("");
        if (!text.isEmpty()) {
            events.add(new ModelEvent.Text(text));
        }
        toolCalls(delta, events);
        delta.properties().stream()
                .filter(member ->
                        !OURS.contains(member.getKey()) && !member.getValue().isNull())
                .forEach(member -> events.add(new ModelEvent.Extra(member.getKey(), member.getValue())));
        String reason = choice.path("finish_reason").stringValue("");
        if (!reason.isEmpty() && !finished) {
            events.add(finish(reason));
        }
        Usage.read(chunk.path("usage")).ifPresent(usage -> events.add(new ModelEvent.Used(usage)));
        return events;
    }

    private void toolCalls(JsonNode delta, List<ModelEvent> events) {
        int position = 0;
        for (JsonNode call : delta.path("tool_calls")) {
            if (call instanceof ObjectNode object) {
                ObjectNode fragment = Json.object();
                fragment.put("index", object.path("index").intValue(position)); // a whole message has no index
                object.properties().stream()
                        .filter(member -> !member.getKey().equals("index"))
                        .forEach(member -> fragment.set(member.getKey(), member.getValue()));
                events.add(new ModelEvent.ToolCallDelta(fragment));
                calledTools = true;
            }
            position++;
        }
    }

    /// For a server that says `[DONE]` without a reason.
    ModelEvent finishAtDone() {
        return finish(calledTools ? "tool_calls" : "stop");
    }

    private ModelEvent finish(String reason) {
        finished = true;
        return new ModelEvent.Finish(reason);
    }
}
