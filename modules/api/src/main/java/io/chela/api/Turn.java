package io.chela.api;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One question to an agent: what a door hands to the runtime.
///
/// @param owner the id of the principal whose session and run this is
/// @param session the session it continues; empty for a turn that leaves nothing behind
/// @param messages what the caller sent, in order
/// @param parameters the request's other members (sampling, `tools`, unknown ones), which go to the model as
///     they
///     are;
/// not to be changed
public record Turn(
        RunId run,
        String owner,
        Agent agent,
        Optional<SessionKey> session,
        List<Message> messages,
        ObjectNode parameters) {
    public Turn {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a turn has a message");
        }
    }
}
