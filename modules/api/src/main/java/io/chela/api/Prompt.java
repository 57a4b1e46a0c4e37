package io.chela.api;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a model is asked: the agent's instructions and the conversation, oldest first, and the caller's
/// parameters.
///
/// @param parameters members in the OpenAI chat shape (`temperature`, `max_tokens`, `tools`, …); a model acts
///     on
///     those
/// it knows; not to be changed
public record Prompt(List<Message> messages, ObjectNode parameters) {
    public Prompt {
        messages = List.copyOf(messages);
    }
}
