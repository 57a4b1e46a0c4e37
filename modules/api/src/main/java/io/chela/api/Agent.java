package io.chela.api;

import java.util.Optional;
import java.util.Set;

/// An agent as configured: who answers, with which instructions and which model.
///
/// @param instructions the first system message of every prompt; empty for none
/// @param aliases other values of a request's `model` that mean this agent
/// @param isDefault true for the one agent that answers when a request names none
public record Agent(
        AgentId id,
        Optional<String> name,
        String instructions,
        ModelRef model,
        Set<String> aliases,
        boolean isDefault) {
    public Agent {
        aliases = Set.copyOf(aliases);
    }

    /// The same agent with another model.
    public Agent with(ModelRef other) {
        return new Agent(id, name, instructions, other, aliases, isDefault);
    }
}
