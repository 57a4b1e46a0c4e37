package io.chela.app;

import io.chela.agent.runtime.Runs;
import io.chela.api.Budget;
import io.chela.api.spi.SessionStore;
import io.chela.app.cli.PortHolder;
import io.chela.app.models.ModelSearch;
import io.chela.edge.EdgeServer;
import io.chela.edge.Feature;
import io.chela.edge.LiveGateway;
import io.chela.edge.TlsIdentity;
import io.chela.session.Sessions;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Starts a gateway: reads the configuration, builds what it says and what stays whatever it says, and
/// listens.
final class Wiring {
    private final Reading.Source source;
    private final Logging logging;
    private final BiFunction<Path, Map<String, String>, ModelSearch> search;

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
        this.search = search;
        this.source = new Reading.Source(options, environment, extensions);
        this.logging = logging;
    }

    /// Starts listening; the default agent's model may still be loading.
    ///
    /// @throws UsageException with every mistake of the configuration, or the one thing that stands in the way
    RunningGateway start() {
        Reading reading = source.read();
        if (!reading.mistakes().isEmpty()) {
            throw reading.refused(
                    ConfigCheck.of(reading, maker(source.stateFolder())).mistakes());
        }
        StateFolder state = StateFolder.take(source.stateFolder());
        new Secrets(logging.masking()).read(source, reading, state);
        logging.configure(reading.logs(), state.path());
        reading.file().tellWarnings();
        return new Attempt(reading, state).start();
    }

    private ModelMaker maker(Path stateFolder) {
        return new ModelMaker(source.extensions(), ImageFolder.catalogue(), search, stateFolder);
    }

    /// Where a gateway of this configuration is reached on this machine, for WebSocket clients.
    static String url(GatewayConfig config, int port) {
        return (config.web().tls().isPresent() ? "wss" : "ws") + "://" + config.localHost() + ":" + port;
    }

    /// What is open so far, so that a start that fails half-way leaves nothing open.
    private final class Attempt {
        private final Reading reading;
        private final StateFolder state;
        private final List<AutoCloseable> open = new ArrayList<>();

        Attempt(Reading reading, StateFolder state) {
            this.reading = reading;
            this.state = state;
            open.add(state);
            open.add(logging);
        }

        RunningGateway start() {
            try {
                return build();
            } catch (RuntimeException e) {
                Closing.all(open.reversed());
                throw e;
            }
        }

        private RunningGateway build() {
            checkPort();
            GatewayConfig config = reading.config();
            ModelMaker models = maker(state.path());
            SessionStore store = store(config, models);
            open.add(store);

            var clock = Clock.systemUTC();
            var budget = new Budget(config.limits().budget());
            var sessions = new Sessions(store, clock);
            var runs = new Runs(clock, budget);

            var building = new Building(models, source.environment(), state, clock, sessions, runs);
            Building.Built first = first(building);
            var live = new LiveGateway(first.gateway());
            open.add(() -> live.now().runtime().providers().close());

            List<Feature> doors = source.extensions().features().stream()
                    .map(found -> found.provider().open(live))
                    .toList();
            EdgeServer edge = listen(live, budget, doors);
            open.add(edge);
            first.choice().log();
            state.announce(url(config, edge.port()), config.web().edge().tls().map(TlsIdentity::fingerprint));

            var parts = new Rereading.Parts(live, edge, budget, state, logging);
            var rereading = new Rereading(source, building, first, parts);
            rereading.start();
            return new RunningGateway(live, edge, first, rereading, state.path(), List.copyOf(open));
        }

        private SessionStore store(GatewayConfig config, ModelMaker models) {
            try {
                return source.extensions()
                        .store(config.store())
                        .open(models.context(
                                config.store(),
                                Config.empty(),
                                config,
                                reading.file().environment()));
            } catch (IllegalArgumentException e) {
                throw UsageException.failed("chela: session.store: " + e.getMessage());
            }
        }

        private Building.Built first(Building building) {
            List<String> mistakes = new ArrayList<>();
            return building.build(reading, building.credentials(reading), Optional.empty(), mistakes)
                    .orElseThrow(() -> reading.refused(mistakes));
        }

        private EdgeServer listen(LiveGateway live, Budget budget, List<Feature> doors) {
            try {
                return EdgeServer.start(live, budget, doors);
            } catch (IllegalStateException e) {
                throw cannotListen(e);
            }
        }

        /// Before anything is made that a start without a port would leave behind.
        private void checkPort() {
            try {
                EdgeServer.check(reading.config().bind(), reading.config().port());
            } catch (IllegalStateException e) {
                throw cannotListen(e);
            }
        }

        private UsageException cannotListen(IllegalStateException e) {
            String why = String.valueOf(e.getMessage());
            String by = why.endsWith("is in use")
                    ? " " + PortHolder.words(reading.config().port())
                    : "";
            return UsageException.failed(
                    "chela: " + why + by + "; stop what uses it, or choose another with --port or --bind");
        }
    }
}
