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
import io.chela.app.cli.PortHolder;
import io.chela.edge.Attribution;
import io.chela.edge.EdgeServer;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.Gateway;
import io.chela.edge.TlsIdentity;
import io.chela.session.Sessions;
import io.helidon.config.Config;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds a gateway from its parts, top to bottom.
final class Wiring {
    private final Reading.Source source;
    private final Extensions extensions;
    private final Logging logging;
    private final List<String> mistakes = new ArrayList<>();

    /// A gateway that logs to its file alone.
    Wiring(GatewayOptions options, Map<String, String> environment, Extensions extensions) {
        this(options, environment, extensions, Logging.silent());
    }

    /// @param logging configured and closed with the gateway
    Wiring(GatewayOptions options, Map<String, String> environment, Extensions extensions, Logging logging) {
        this.source = new Reading.Source(options, environment, extensions);
        this.extensions = extensions;
        this.logging = logging;
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

        private RunningGateway build(GatewayConfig config, AuthConfig auth, List<FeatureProvider.Opening> doors) {
            checkPort(config);
            Map<String, Models> models = models(config);
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
            Optional<TlsIdentity> tls = config.web().edge().tls();
            state.announce(
                    (tls.isPresent() ? "wss" : "ws") + "://" + config.localHost() + ":" + edge.port(),
                    tls.map(TlsIdentity::fingerprint));
            return new RunningGateway(
                    edge, gateway, readiness, credentials, starter(models), config, state.path(), List.copyOf(open));
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
                throw cannotListen(config, e);
            }
        }

        private static UsageException cannotListen(GatewayConfig config, IllegalStateException e) {
            String why = String.valueOf(e.getMessage());
            String by = why.endsWith("is in use") ? " " + PortHolder.words(config.port()) : "";
            return UsageException.failed(
                    "chela: " + why + by + "; stop what uses it, or choose another with --port or --bind");
        }

        /// Before anything is made that a start without a port would leave behind.
        private static void checkPort(GatewayConfig config) {
            try {
                EdgeServer.check(config.bind(), config.port());
            } catch (IllegalStateException e) {
                throw cannotListen(config, e);
            }
        }

        private Map<String, Models> models(GatewayConfig config) {
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
                    .ifPresent(name ->
                            starting(config, name).ifPresent(starter -> models.put(Starters.PROVIDER, starter)));
            return models;
        }

        /// The starter, when an agent needs it.
        private Optional<Models> starting(GatewayConfig config, String name) {
            boolean needed = config.agents().stream()
                    .map(Agent::model)
                    .anyMatch(model -> model.provider().equals(Starters.PROVIDER));
            if (!needed) {
                return Optional.empty();
            }
            try {
                return Optional.of(new StarterModels(extensions, environment, state.path()).start(name));
            } catch (IllegalArgumentException e) {
                mistakes.add("models.starter: " + e.getMessage());
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
                    StateFolder.models(state.path(), environment),
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
