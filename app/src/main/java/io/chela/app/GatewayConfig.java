package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the program itself reads of the configuration, [AuthConfig] besides; doors read their own keys from the
/// same [Settings].
///
/// @param bind the hosts to listen on, the first of them for sure
/// @param named the key where each model that an agent may ask is named first; none for one that nobody wrote
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
        Map<ModelRef, String> named,
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
        var reader = new AgentsReader();
        List<Agent> agents = reader.read(settings.at("agents"), starter);
        return new GatewayConfig(
                gateway.integer("port", DEFAULT_PORT, 0, MAX_PORT),
                bind,
                agents,
                reader.named(),
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
                named,
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
                named,
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
        return new GatewayConfig(port, bind, agents, named, providers, starter, searches, store, web, limits, chat);
    }

    /// Without those of its providers, and the fallbacks that they have.
    GatewayConfig without(Set<String> unwanted) {
        Map<String, Provider> rest = new LinkedHashMap<>(providers);
        rest.keySet().removeAll(unwanted);
        List<Agent> agents = withFallbacks(fallback -> !unwanted.contains(fallback.provider())).agents;
        return new GatewayConfig(port, bind, agents, named, rest, starter, searches, store, web, limits, chat);
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
                named,
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
}
