package io.chela.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An agent as configured: who answers, with which instructions and which model.
///
/// @param instructions the first system message of every prompt; empty for none
/// @param fallbacks the models that are asked, one after the other, when the one before has failed before its
///     first word; none of them twice, nor the agent's model itself
/// @param aliases other values of a request's `model` that mean this agent
/// @param isDefault true for the one agent that answers when a request names none
public record Agent(
        AgentId id,
        Optional<String> name,
        String instructions,
        ModelRef model,
        List<ModelRef> fallbacks,
        Set<String> aliases,
        boolean isDefault) {
    public Agent {
        ModelRef primary = model;
        fallbacks = fallbacks.stream()
                .filter(fallback -> !fallback.equals(primary))
                .distinct()
                .toList();
        aliases = Set.copyOf(aliases);
    }

    /// The same agent with another model, and with no fallback: who names a model wants that one.
    public Agent with(ModelRef other) {
        return new Agent(id, name, instructions, other, List.of(), aliases, isDefault);
    }

    /// Every model it may ask, in the order in which they are asked.
    public Stream<ModelRef> models() {
        return Stream.concat(Stream.of(model), fallbacks.stream());
    }
}
