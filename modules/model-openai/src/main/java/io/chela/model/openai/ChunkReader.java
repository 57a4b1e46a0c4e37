package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns chunks of a chat completion into model events. Source: OpenAI API reference, "The chat completion
/// chunk object".
///
/// What is missing, null or of another type than it should be counts as not said. The role is not looked
/// at: a reply is the assistant's.
final class ChunkReader {
    private static final Set<String> OURS = Set.of("role", "content", "tool_calls");

    private boolean begun;
    private boolean finished;
    private boolean calledTools;

    /// Tells whether the model said why it stopped.
    boolean finished() {
        return finished;
    }

    /// Tells whether the model said anything, be it that it is done.
    boolean begun() {
        return begun;
    }

    /// Reads one chunk, or a whole completion from a server that does not stream.
    List<ModelEvent> read(ObjectNode chunk) {
        List<ModelEvent> events = new ArrayList<>();
        JsonNode choice = chunk.path("choices").path(0);
        boolean whole = !choice.path("delta").isObject();
        JsonNode said = choice.path(whole ? "message" : "delta");
        String text = text(said.path("content"));
        if (!text.isEmpty()) {
            events.add(new ModelEvent.Text(text));
        }
        toolCalls(said, events);
        extras(said, whole, events);
        String reason = choice.path("finish_reason").stringValue("");
        if (!reason.isEmpty() && !finished) {
            events.add(finish(reason));
        } else if (whole && said.isObject() && !finished) {
            events.add(finishAtDone());
        }
        begun |= !events.isEmpty();
        Usage.read(chunk.path("usage")).ifPresent(usage -> events.add(new ModelEvent.Used(usage)));
        return events;
    }

    /// A text, or the texts of an array of parts, joined.
    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.stringValue("");
        }
        return StreamSupport.stream(content.spliterator(), false)
                .map(part -> part.stringValue(part.path("text").stringValue("")))
                .collect(Collectors.joining());
    }

    /// An empty text in a delta adds nothing: servers put one beside the role, before the model has said
    /// anything.
    private static void extras(JsonNode said, boolean whole, List<ModelEvent> events) {
        said.properties().stream()
                .filter(member -> !OURS.contains(member.getKey()))
                .filter(member -> !member.getValue().isNull())
                .filter(member -> whole || !member.getValue().stringValue("-").isEmpty())
                .forEach(member -> events.add(new ModelEvent.Extra(member.getKey(), member.getValue())));
    }

    private void toolCalls(JsonNode said, List<ModelEvent> events) {
        int position = 0;
        for (JsonNode call : said.path("tool_calls")) {
            if (call instanceof ObjectNode object) {
                events.add(new ModelEvent.ToolCallDelta(fragment(object, position)));
                calledTools = true;
            }
            position++;
        }
    }

    private static ObjectNode fragment(ObjectNode call, int position) {
        ObjectNode fragment = Json.object();
        fragment.put("index", call.path("index").intValue(position)); // a whole message has no index
        call.properties().stream()
                .filter(member -> !member.getKey().equals("index"))
                .forEach(member -> fragment.set(member.getKey(), member.getValue()));
        if (call.path("function").path("arguments") instanceof ObjectNode arguments) {
            ObjectNode function = fragment.path("function").deepCopy().asObject();
            fragment.set("function", function.put("arguments", Json.write(arguments))); // the API says: JSON as text
        }
        return fragment;
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
