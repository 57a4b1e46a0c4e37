package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.ModelRef;
import io.chela.api.spi.Settings;
import io.chela.app.models.Starters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the key `agents`, once.
final class AgentsReader {
    /// What `model` means without an alias.
    private static final Pattern OWN_NAME = Pattern.compile("(?i)(openclaw$|openclaw[/:]|agent:)");

    private static final String MODEL_RULE = "must be written provider/model";

    /// What an agent asks.
    private record Asked(ModelRef model, List<ModelRef> fallbacks) {}

    private final Map<ModelRef, String> named = new HashMap<>();

    /// The key where each model that the agents may ask is named first; none for one that nobody wrote.
    Map<ModelRef, String> named() {
        return Map.copyOf(named);
    }

    /// Reads all of them: `main` alone when the configuration names none. Mistakes stay in the settings.
    List<Agent> read(Settings settings, Optional<String> starter) {
        Asked defaults = asked(
                settings.at("defaults"),
                new Asked(
                        starter.map(name -> new ModelRef(Starters.PROVIDER, name))
                                .orElse(GatewayConfig.OFFLINE),
                        List.of()));
        if (!defaults.fallbacks().isEmpty() && starter.isEmpty()) {
            Settings model = settings.at("defaults").at("model");
            if (!model.keys().contains("primary")) {
                model.refuse("primary", "is missing: fallbacks are asked when it fails");
            }
        }
        List<Agent> agents = new ArrayList<>();
        for (Settings entry : settings.list("list")) {
            agent(entry, entry.required("id"), defaults).ifPresent(agents::add);
        }
        settings.entries("entries")
                .forEach((id, entry) -> agent(entry, id, defaults).ifPresent(agents::add));
        refuseTwins(settings, agents);
        return agents.isEmpty() ? List.of(unconfigured(defaults)) : List.copyOf(agents);
    }

    /// `model: provider/model`, or `model: {primary: provider/model, fallbacks: [provider/model]}`. Who names a
    /// model of its own has those fallbacks that it names itself, as OpenClaw has it.
    private Asked asked(Settings agent, Asked defaults) {
        boolean isObject = agent.isObject("model");
        Settings holder = isObject ? agent.at("model") : agent;
        String key = isObject ? "primary" : "model";
        ModelRef model = holder.parsed(key, defaults.model(), MODEL_RULE, ModelRef::parse);
        if (holder.keys().contains(key)) {
            named.putIfAbsent(model, holder.path(key));
        }
        List<ModelRef> own = isObject ? fallbacks(holder) : List.of();
        boolean namesNone =
                !holder.keys().contains(key) && !(isObject && holder.keys().contains("fallbacks"));
        return new Asked(model, namesNone ? defaults.fallbacks() : own);
    }

    private List<ModelRef> fallbacks(Settings holder) {
        List<ModelRef> fallbacks = new ArrayList<>();
        List<String> texts = holder.textList("fallbacks");
        for (int i = 0; i < texts.size(); i++) {
            String key = "fallbacks[" + i + "]";
            String text = texts.get(i);
            Optional<ModelRef> fallback = ModelRef.parse(text);
            if (fallback.isEmpty()) {
                holder.refuse(key, MODEL_RULE + ", not '" + text + "'");
            } else {
                named.putIfAbsent(fallback.get(), holder.path(key));
                fallbacks.add(fallback.get());
            }
        }
        return fallbacks;
    }

    private Optional<Agent> agent(Settings entry, String id, Asked defaults) {
        Optional<String> name = entry.text("name");
        String instructions = entry.text("instructions").orElse("");
        Asked asked = asked(entry, defaults);
        Set<String> aliases = Set.copyOf(entry.textList("aliases"));
        boolean isDefault = entry.flag("default", false);
        Optional<AgentId> legal = AgentId.parse(id);
        if (legal.isEmpty() && !id.isBlank()) {
            entry.refuse("id", "must match [a-z0-9][a-z0-9_-]{0,63}, not '" + id + "'");
        }
        return legal.map(
                agent -> new Agent(agent, name, instructions, asked.model(), asked.fallbacks(), aliases, isDefault));
    }

    private static void refuseTwins(Settings settings, List<Agent> agents) {
        long ids = agents.stream().map(Agent::id).distinct().count();
        if (ids < agents.size()) {
            settings.refuse("list", "has two agents of one id");
        }
        if (agents.stream().filter(Agent::isDefault).count() > 1) {
            settings.refuse("list", "has more than one agent marked default");
        }
        List<String> aliases =
                agents.stream().flatMap(agent -> agent.aliases().stream()).toList();
        aliases.stream()
                .filter(alias -> alias.isBlank() || OWN_NAME.matcher(alias).lookingAt())
                .forEach(alias -> settings.refuse(
                        "list", "has the alias '" + alias + "', which is empty or has a meaning of its own"));
        aliases.stream()
                .distinct()
                .filter(alias -> Collections.frequency(aliases, alias) > 1)
                .forEach(alias -> settings.refuse("list", "has two agents with the alias '" + alias + "'"));
    }

    private static Agent unconfigured(Asked asked) {
        return new Agent(new AgentId("main"), Optional.empty(), "", asked.model(), asked.fallbacks(), Set.of(), true);
    }
}
