package io.chela.app;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.Budget;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Models;
import io.chela.api.spi.SessionStore;
import io.chela.app.models.Catalogue;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.ProviderEntry;
import io.chela.app.models.Starters;
import io.chela.edge.Attribution;
import io.chela.edge.EdgeServer;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.Gateway;
import io.chela.edge.TlsIdentity;
import io.chela.session.Sessions;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Builds a gateway from its parts, top to bottom.
final class Wiring {
    private final Reading.Source source;
    private final Extensions extensions;
    private final Logging logging;
    private final BiFunction<Path, Map<String, String>, ModelSearch> search;
    private final List<String> mistakes = new ArrayList<>();

    /// A gateway that logs to its file alone.
    Wiring(GatewayOptions options, Map<String, String> environment, Extensions extensions) {
        this(options, environment, extensions, Logging.silent());
    }

    /// @param logging configured and closed with the gateway
    Wiring(GatewayOptions options, Map<String, String> environment, Extensions extensions, Logging logging) {
        this(options, environment, extensions, logging, ModelSearch::new);
    }

    /// @param search how a model is looked for in a models folder, by these variables
    Wiring(
            GatewayOptions options,
            Map<String, String> environment,
            Extensions extensions,
            Logging logging,
            BiFunction<Path, Map<String, String>, ModelSearch> search) {
        this.source = new Reading.Source(options, environment, extensions);
        this.extensions = extensions;
        this.logging = logging;
        this.search = search;
    }

    /// Starts listening; the default agent's model may still be loading.
    ///
    /// @throws UsageException with every mistake of the configuration, or the one thing that stands in the way
    RunningGateway start() {
        Reading reading = source.read();
        mistakes.addAll(reading.mistakes());
        refuseMistakes(reading);
        ConfigFile file = reading.file();
        StateFolder state = StateFolder.take(source.stateFolder());
        ConfigSecrets.hide(file.config(), file.environment(), logging.masking());
        source.options().token().ifPresent(logging.masking()::hide);
        logging.configure(reading.logs(), state.path());
        file.tellWarnings();
        return new Attempt(reading, state).start();
    }

    private void refuseMistakes(Reading reading) {
        if (!mistakes.isEmpty()) {
            throw reading.refused(mistakes);
        }
    }

    /// What is open so far, so that a start that fails half-way leaves nothing open.
    private final class Attempt {
        private final Reading reading;
        private final Map<String, String> environment;
        private final StateFolder state;
        private final List<AutoCloseable> open = new ArrayList<>();

        Attempt(Reading reading, StateFolder state) {
            this.reading = reading;
            this.environment = reading.file().environment();
            this.state = state;
            open.add(state);
            open.add(logging);
        }

        RunningGateway start() {
            try {
                return build(reading.config(), reading.auth(), reading.doors());
            } catch (RuntimeException e) {
                Closing.all(open.reversed());
                throw e;
            }
        }

        private RunningGateway build(GatewayConfig read, AuthConfig auth, List<FeatureProvider.Opening> doors) {
            Catalogue catalogue = ImageFolder.catalogue();
            ModelChoice choice = choose(read, catalogue);
            GatewayConfig config = choice.config();
            Map<String, Models> models = models(config, catalogue);
            var providers = new Providers(models);
            open.add(providers);
            SessionStore store = store(config);
            open.add(store);
            refuseUnknownModels(config, providers);
            refuseMistakes(reading);

            var clock = Clock.systemUTC();
            Budget budget = config.limits().budget();
            var credentials = new Credentials(auth, environment, state);
            credentials.file().ifPresent(token -> ConfigSecrets.hideFile(token, logging.masking()));
            var sessions = new Sessions(store, clock, config.limits().waitingPerSession());
            var router = new AgentRouter(config.agents());
            var runtime = new AgentRuntime(
                    providers, sessions, new Runs(clock, config.limits().runs(), budget));
            var readiness = new ModelReadiness(providers, router.defaultAgent());
            var gateway = new Gateway(
                    credentials.authenticator(clock), router, runtime, sessions, readiness, clock, Version.TEXT);
            List<Feature> features = new ArrayList<>();
            if (!auth.proxies().isEmpty()) {
                features.add(new Attribution(gateway.authenticator()));
            }
            doors.forEach(door -> door.open(gateway).ifPresent(features::add));
            EdgeServer edge = listen(config, budget, readiness, features);
            open.add(edge);
            choice.log();
            Optional<TlsIdentity> tls = config.web().edge().tls();
            state.announce(
                    (tls.isPresent() ? "wss" : "ws") + "://" + config.localHost() + ":" + edge.port(),
                    tls.map(TlsIdentity::fingerprint));
            return new RunningGateway(
                    edge,
                    gateway,
                    readiness,
                    credentials,
                    new RunningGateway.Answering(starter(models), choice.finding()),
                    config,
                    state.path(),
                    List.copyOf(open));
        }

        private static EdgeServer listen(
                GatewayConfig config, Budget budget, ModelReadiness readiness, List<Feature> features) {
            try {
                return EdgeServer.start(
                        new EdgeSettings(
                                config.bind(),
                                config.port(),
                                config.limits().edge(),
                                config.web().edge()),
                        budget,
                        readiness,
                        features);
            } catch (IllegalStateException e) {
                throw UsageException.failed(
                        "chela: " + e.getMessage() + "; stop what uses it, or choose another with --port or --bind");
            }
        }

        private ModelChoice choose(GatewayConfig config, Catalogue catalogue) {
            try {
                return ModelChoice.make(
                        config,
                        search.apply(modelsFolder(), environment),
                        catalogue,
                        extensions.hasModel(ProviderEntry.FILES));
            } catch (IllegalArgumentException e) {
                mistakes.add(String.valueOf(e.getMessage()));
                return new ModelChoice(config, Optional.empty());
            }
        }

        private Path modelsFolder() {
            return StateFolder.models(state.path(), environment);
        }

        private Map<String, Models> models(GatewayConfig config, Catalogue catalogue) {
            Map<String, Models> models = new LinkedHashMap<>();
            config.providers().forEach((id, provider) -> {
                try {
                    models.put(id, extensions.model(provider.api()).create(context(id, provider.config(), config)));
                } catch (IllegalArgumentException e) {
                    String.valueOf(e.getMessage())
                            .lines()
                            .forEach(line -> mistakes.add(
                                    line.startsWith("models.providers.")
                                            ? line
                                            : "models.providers." + id + ": " + line));
                }
            });
            models.computeIfAbsent(
                    GatewayConfig.OFFLINE.provider(),
                    id -> extensions.model("offline").create(context(id, Config.empty(), config)));
            config.starter()
                    .ifPresent(name -> starting(config, catalogue, name)
                            .ifPresent(starter -> models.put(Starters.PROVIDER, starter)));
            return models;
        }

        /// The starter, when an agent needs it.
        private Optional<Models> starting(GatewayConfig config, Catalogue catalogue, String name) {
            boolean needed = config.agents().stream()
                    .map(Agent::model)
                    .anyMatch(model -> model.provider().equals(Starters.PROVIDER));
            if (!needed) {
                return Optional.empty();
            }
            try {
                return Optional.of(new StarterModels(extensions, catalogue, environment, state.path()).start(name));
            } catch (IllegalArgumentException e) {
                mistakes.add("models.starter: there is no starter " + e.getMessage());
                return Optional.empty();
            }
        }

        private SessionStore store(GatewayConfig config) {
            try {
                return extensions.store(config.store()).open(context(config.store(), Config.empty(), config));
            } catch (IllegalArgumentException e) {
                throw UsageException.failed("chela: session.store: " + e.getMessage());
            }
        }

        private ExtensionContext context(String name, Config own, GatewayConfig config) {
            return new ExtensionContext(
                    name,
                    own,
                    state.path(),
                    modelsFolder(),
                    config.limits().runs().replies(),
                    environment);
        }

        private void refuseUnknownModels(GatewayConfig config, Providers providers) {
            for (Agent agent : config.agents()) {
                try {
                    providers.model(agent.model());
                } catch (IllegalArgumentException e) {
                    mistakes.add("agents: the agent '" + agent.id() + "' wants the model '" + agent.model() + "', but "
                            + e.getMessage());
                }
            }
        }

        private static Optional<Starters> starter(Map<String, Models> models) {
            return models.get(Starters.PROVIDER) instanceof Starters starter ? Optional.of(starter) : Optional.empty();
        }
    }
}
