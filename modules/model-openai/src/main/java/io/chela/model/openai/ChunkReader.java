package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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

    /// What may be a reason; anything else is none.
    private static final Pattern WORD = Pattern.compile("[\\w.-]{1,64}");

    private static final String TOOL_CALLS = "tool_calls";

    private final UpstreamErrors errors;
    private final ToolCallReader calls = new ToolCallReader();
    private String half = "";
    private boolean begun;
    private boolean spoken;
    private String reason = "";

    ChunkReader(UpstreamErrors errors) {
        this.errors = errors;
    }

    /// Tells whether the model said why it stopped.
    boolean finished() {
        return !reason.isEmpty();
    }

    /// Tells whether the model said anything, be it that it is done.
    boolean begun() {
        return begun;
    }

    /// Reads one chunk, or a whole completion from a server that does not stream.
    ///
    /// @throws io.chela.api.ProblemException when the chunk says that the model failed
    List<ModelEvent> read(ObjectNode chunk) {
        List<ModelEvent> events = new ArrayList<>();
        JsonNode choice = first(chunk.path("choices"));
        boolean whole = !choice.path("delta").isObject();
        JsonNode said = choice.path(whole ? "message" : "delta");
        text(text(said.path("content")), events);
        toolCalls(said.path(TOOL_CALLS), events);
        extras(said, whole, events);
        String word = choice.path("finish_reason").stringValue("");
        if (WORD.matcher(word).matches()) {
            finish(word, events);
        } else if (whole && said.isObject() && spoken) {
            finish(usualReason(), events);
        }
        begun |= !events.isEmpty();
        Usage.read(chunk.path("usage")).ifPresent(usage -> events.add(new ModelEvent.Used(usage)));
        return events;
    }

    /// The choice that we asked for: the first of those that say which they are, or one that does not.
    private static JsonNode first(JsonNode choices) {
        for (JsonNode choice : choices.isArray() ? choices : Json.object()) {
            if (choice.path("index").intValue(0) == 0) {
                return choice;
            }
        }
        return choices.path(choices.size()); // missing
    }

    /// Servers that send bytes as they come cut a character in two; clients that join texts do not mend it.
    private void text(String more, List<ModelEvent> events) {
        String text = half + more;
        boolean cut = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        half = cut ? text.substring(text.length() - 1) : "";
        String piece = cut ? text.substring(0, text.length() - 1) : text;
        if (!piece.isEmpty()) {
            events.add(new ModelEvent.Text(piece));
        }
        spoken |= !text.isEmpty();
    }

    private void finish(String word, List<ModelEvent> events) {
        if (finished()) {
            return;
        }
        if (word.equals("error")) {
            throw errors.nonsense(Fault.ERROR_IN_ANSWER, "ended its answer with an error and no word about it.");
        }
        reason = word;
        events.add(new ModelEvent.Finish(word));
    }

    /// Ends the reply: what a server owes that says `[DONE]`, or closes, after its last word.
    ///
    /// @throws io.chela.api.ProblemException when what was said makes no answer
    List<ModelEvent> end() {
        List<ModelEvent> events = new ArrayList<>();
        if (!half.isEmpty()) {
            events.add(new ModelEvent.Text(half));
        }
        if (!finished() && !spoken) {
            throw errors.nonsense(Fault.EMPTY, "ended its answer before it began.");
        }
        calls.fault().ifPresent(fault -> {
            throw errors.nonsense(Fault.TOOL_CALLS, fault);
        });
        if (reason.equals(TOOL_CALLS) && !calls.hasCalls()) {
            throw errors.nonsense(Fault.TOOL_CALLS, "says that it calls a tool, and called none.");
        }
        finish(usualReason(), events);
        return events;
    }

    private String usualReason() {
        return calls.hasCalls() ? TOOL_CALLS : "stop";
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
        for (JsonNode call : said.isArray() ? said : Json.object()) {
            if (call instanceof ObjectNode fragment) {
                events.add(calls.read(fragment, position));
                spoken = true;
            }
            position++;
        }
    }
}
