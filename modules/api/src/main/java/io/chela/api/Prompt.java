package io.chela.api;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a model is asked: the agent's instructions and the conversation, oldest first, and the caller's
/// parameters.
///
/// @param messages never empty in a run; the instructions are the first, of [Role#SYSTEM]; the last is what
///     was said now
/// @param parameters the members of the caller's request beside `model`, `messages` and what the gateway
///     itself acts on, in the OpenAI chat shape (`temperature`, `max_tokens`, `tools`, …); a model acts on
///     those it knows and leaves out the others; not to be changed
public record Prompt(List<Message> messages, ObjectNode parameters) {
    public Prompt {
        messages = List.copyOf(messages);
    }
}
