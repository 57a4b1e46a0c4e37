package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.ModelRef;
import io.chela.api.spi.Settings;
import io.chela.app.models.Starters;
import io.helidon.config.Config;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the program itself reads of the configuration, [AuthConfig] besides; doors read their own keys from the
/// same [Settings].
///
/// @param bind the hosts to listen on, the first of them for sure
/// @param providers the entries of `models.providers` as they are, for their extensions
/// @param starter the name of the small model to fetch when no other is configured or found
/// @param searches whether a model is looked for: none is configured, and `models.autodetect` allows it
/// @param web what callers see of the listener
/// @param limits what is held, waited for and run at most
/// @param chat whether the chat endpoint is on, for the start block; its door reads the key itself
record GatewayConfig(
        int port,
        List<String> bind,
        List<Agent> agents,
        Map<String, Provider> providers,
        Optional<String> starter,
        boolean searches,
        String store,
        WebConfig web,
        LimitsConfig limits,
        boolean chat) {
    static final int DEFAULT_PORT = 18_789;
    static final int MAX_PORT = 65_535;

    /// The provider and model that stand in when no model is configured.
    static final ModelRef OFFLINE = new ModelRef("offline", "echo");

    /// What `model` means without an alias.
    private static final Pattern OWN_NAME = Pattern.compile("(?i)(openclaw$|openclaw[/:]|agent:)");

    private static final String MODEL_RULE = "must be written provider/model";

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    /// OpenClaw's words for hosts that it finds out itself.
    private static final Set<String> NO_HOSTS = Set.of("auto", "tailnet");

    private static final Set<String> ANY_HOSTS = Set.of("0.0.0.0", "::", "[::]");

    /// @param api the type of the extension that makes its models
    record Provider(String api, Config config) {}

    /// Reads the keys; mistakes stay in `settings`, which the caller finishes once every door has read its own.
    static GatewayConfig read(Settings settings, Config config) {
        Settings gateway = settings.at("gateway");
        Settings models = settings.at("models");
        Map<String, Provider> providers = providers(models, config);
        Optional<String> starter = models.text("starter");
        gateway.parsed(
                "mode",
                "local",
                "must be local; a client of another gateway is no gateway",
                text -> Optional.of(text).filter("local"::equals));
        List<String> bind = bind(gateway);
        return new GatewayConfig(
                gateway.integer("port", DEFAULT_PORT, 0, MAX_PORT),
                bind,
                agents(settings.at("agents"), starter),
                providers,
                starter,
                models.flag("autodetect", true) && !namesAModel(config.get("agents")),
                settings.at("session").text("store", "sqlite"),
                WebConfig.read(gateway),
                LimitsConfig.read(settings.at("limits")),
                gateway.at("http").at("endpoints").at("chatCompletions").flag("enabled", false));
    }

    /// Every model that some agent may ask.
    Stream<ModelRef> models() {
        return agents.stream().flatMap(Agent::models);
    }

    GatewayConfig with(GatewayOptions options, Optional<Integer> environmentPort) {
        return new GatewayConfig(
                options.port().or(() -> environmentPort).orElse(port),
                options.bind().map(GatewayConfig::bind).orElse(bind),
                agents,
                providers,
                starter,
                searches,
                store,
                web,
                limits,
                chat);
    }

    /// With more providers, and one model for every agent where none is configured.
    GatewayConfig with(Map<String, Provider> more, Optional<ModelRef> model) {
        Map<String, Provider> all = new LinkedHashMap<>(providers);
        all.putAll(more);
        return new GatewayConfig(
                port,
                bind,
                model.map(answering -> agents.stream()
                                .map(agent -> agent.with(answering))
                                .toList())
                        .orElse(agents),
                all,
                starter,
                searches,
                store,
                web,
                limits,
                chat);
    }

    /// With those of its agents' fallbacks that are wanted.
    GatewayConfig withFallbacks(Predicate<ModelRef> wanted) {
        List<Agent> agents = this.agents.stream()
                .map(agent -> new Agent(
                        agent.id(),
                        agent.name(),
                        agent.instructions(),
                        agent.model(),
                        agent.fallbacks().stream().filter(wanted).toList(),
                        agent.aliases(),
                        agent.isDefault()))
                .toList();
        return new GatewayConfig(port, bind, agents, providers, starter, searches, store, web, limits, chat);
    }

    /// Without those of its providers.
    GatewayConfig without(Set<String> unwanted) {
        Map<String, Provider> rest = new LinkedHashMap<>(providers);
        rest.keySet().removeAll(unwanted);
        return new GatewayConfig(port, bind, agents, rest, starter, searches, store, web, limits, chat);
    }

    /// Without its starter.
    GatewayConfig withoutStarter() {
        return new GatewayConfig(port, bind, agents, providers, Optional.empty(), searches, store, web, limits, chat);
    }

    /// Tells whether some agent, or the default of all, has a model.
    private static boolean namesAModel(Config agents) {
        return Stream.of(Stream.of(agents.get("defaults")), below(agents.get("list")), below(agents.get("entries")))
                .flatMap(nodes -> nodes)
                .anyMatch(node -> node.get("model").exists());
    }

    private static Stream<Config> below(Config node) {
        return (node.isLeaf() ? List.<Config>of() : node.asNodeList().orElse(List.of())).stream();
    }

    /// This one, but listening, and storing, as another does.
    GatewayConfig keeping(GatewayConfig other) {
        return new GatewayConfig(
                other.port,
                other.bind,
                agents,
                providers,
                starter,
                searches,
                other.store,
                web.keeping(other.web),
                limits,
                chat);
    }

    /// The host by which programs of this machine reach it, as it stands in a URL.
    String localHost() {
        String first = bind.getFirst();
        if (ANY_HOSTS.contains(first)) {
            return LOOPBACK.getFirst();
        }
        return first.contains(":") ? "[" + first + "]" : first;
    }

    private static List<String> bind(Settings gateway) {
        Optional<String> custom = gateway.text("customBindHost");
        String text = gateway.text("bind", "loopback");
        if (text.equals("custom")) {
            if (custom.isEmpty()) {
                gateway.refuse("customBindHost", "is missing; name the host that gateway.bind: custom means");
            }
            return bind(custom.orElse("loopback"));
        }
        if (NO_HOSTS.contains(text)) {
            gateway.refuse(
                    "bind", "must be loopback, lan or a host, not '" + text + "'; write the address to listen on");
        }
        return bind(text);
    }

    private static List<String> bind(String text) {
        return switch (text) {
            case "loopback" -> LOOPBACK;
            case "lan" -> List.of("0.0.0.0");
            default -> List.of(text);
        };
    }

    private static Map<String, Provider> providers(Settings models, Config config) {
        Map<String, Provider> providers = new LinkedHashMap<>();
        Settings entries = models.at("providers");
        for (String id : entries.keys()) {
            Config entry = config.get("models.providers").get(Config.Key.escapeName(id));
            if (id.contains("/")) {
                entries.refuse(id, "must not contain a /, which ends a provider's name in a model reference");
            }
            entries.leave(id);
            providers.put(id, new Provider(entry.get("api").asString().orElse("openai-completions"), entry));
        }
        return providers;
    }

    private static List<Agent> agents(Settings settings, Optional<String> starter) {
        Asked defaults = asked(
                settings.at("defaults"),
                new Asked(
                        starter.map(name -> new ModelRef(Starters.PROVIDER, name))
                                .orElse(OFFLINE),
                        List.of()));
        if (!defaults.fallbacks().isEmpty() && defaults.model().equals(OFFLINE)) {
            settings.at("defaults").at("model").refuse("primary", "is missing: fallbacks are asked when it fails");
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

    /// What an agent asks.
    private record Asked(ModelRef model, List<ModelRef> fallbacks) {}

    /// `model: provider/model`, or `model: {primary: provider/model, fallbacks: [provider/model]}`. Who names a
    /// model of its own has those fallbacks that it names itself, as OpenClaw has it.
    private static Asked asked(Settings agent, Asked defaults) {
        boolean isObject = agent.isObject("model");
        Settings holder = isObject ? agent.at("model") : agent;
        String key = isObject ? "primary" : "model";
        ModelRef model = holder.parsed(key, defaults.model(), MODEL_RULE, ModelRef::parse);
        List<ModelRef> own = isObject ? fallbacks(holder) : List.of();
        boolean namesNone =
                !holder.keys().contains(key) && !(isObject && holder.keys().contains("fallbacks"));
        return new Asked(model, namesNone ? defaults.fallbacks() : own);
    }

    private static List<ModelRef> fallbacks(Settings holder) {
        List<ModelRef> fallbacks = new ArrayList<>();
        for (String text : holder.textList("fallbacks")) {
            ModelRef.parse(text)
                    .ifPresentOrElse(
                            fallbacks::add,
                            () -> holder.refuse("fallbacks", "each " + MODEL_RULE + ", not '" + text + "'"));
        }
        return fallbacks;
    }

    private static Optional<Agent> agent(Settings entry, String id, Asked defaults) {
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
