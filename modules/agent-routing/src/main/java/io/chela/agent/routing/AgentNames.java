package io.chela.agent.routing;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names agents answer to. Source: OpenClaw, "OpenAI chat completions endpoint", agent selection.
final class AgentNames {
    private static final List<String> PREFIXES = List.of("openclaw/", "openclaw:", "agent:");

    private final List<Agent> inOrder;
    private final Map<AgentId, Agent> byId = new HashMap<>();
    private final Map<String, Agent> byAlias = new HashMap<>();
    private final Agent byDefault;

    AgentNames(List<Agent> agents) {
        if (agents.isEmpty()) {
            throw new IllegalArgumentException("there is no agent");
        }
        inOrder = List.copyOf(agents);
        for (Agent agent : agents) {
            byId.put(agent.id(), agent);
            agent.aliases().forEach(alias -> byAlias.put(alias, agent));
        }
        byDefault = agents.stream()
                .filter(Agent::isDefault)
                .findFirst()
                .or(() -> Optional.ofNullable(byId.get(new AgentId("main"))))
                .orElse(agents.getFirst());
    }

    /// The one marked default, else `main`, else the first.
    Agent byDefault() {
        return byDefault;
    }

    Optional<Agent> byId(String id) {
        return AgentId.parse(id.strip()).flatMap(legal -> Optional.ofNullable(byId.get(legal)));
    }

    /// Finds the agent that a `model` value means.
    Optional<Agent> byModel(String model) {
        Agent alias = byAlias.get(model);
        if (alias != null) {
            return Optional.of(alias);
        }
        return isDefault(model) ? Optional.of(byDefault) : byPrefixed(model);
    }

    /// The names to show: the default agent's two, `openclaw/<id>` of each agent as configured, then the aliases.
    List<String> listed() {
        List<String> names = new ArrayList<>(List.of("openclaw", "openclaw/default"));
        inOrder.forEach(agent -> names.add(PREFIXES.getFirst() + agent.id()));
        inOrder.forEach(agent -> agent.aliases().stream().sorted().forEach(names::add));
        return names.stream().distinct().toList();
    }

    /// Tells whether a `model` value leaves the choice to us.
    static boolean isDefault(String model) {
        return model.equalsIgnoreCase("openclaw")
                || model.equalsIgnoreCase("openclaw/default")
                || model.equalsIgnoreCase("openclaw:default");
    }

    private Optional<Agent> byPrefixed(String model) {
        return PREFIXES.stream()
                .filter(prefix -> model.regionMatches(true, 0, prefix, 0, prefix.length()))
                .findFirst()
                .flatMap(prefix -> byId(model.substring(prefix.length())));
    }
}
