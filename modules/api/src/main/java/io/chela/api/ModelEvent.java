package io.chela.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing a model says while it replies, in the order it says it.
///
/// Fragments are passed on as they came: joined, the [Text] events are the answer, and the [ToolCallDelta]
/// events of
/// one
/// index are one call. Source: OpenAI API reference, "The chat completion chunk object".
public sealed interface ModelEvent extends TurnEvent {
    /// A piece of the answer's text, never empty.
    record Text(String text) implements ModelEvent {
        public Text {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a piece of text is not empty");
            }
        }
    }

    /// A fragment of a tool call: `index`, and of `id`, `type`, `function.name`, `function.arguments` what this
    /// fragment adds.
    record ToolCallDelta(ObjectNode json) implements ModelEvent {
        public int index() {
            return json.path("index").intValue(0);
        }
    }

    /// Another member of the model's delta, such as `reasoning_content` or `refusal`.
    record Extra(String member, JsonNode value) implements ModelEvent {}

    /// The model has finished; `reason` is `stop`, `length`, `tool_calls`, `content_filter` or a vendor's own
    /// word.
    record Finish(String reason) implements ModelEvent {}

    /// The model's count of the whole reply.
    record Used(Usage usage) implements ModelEvent {}
}
