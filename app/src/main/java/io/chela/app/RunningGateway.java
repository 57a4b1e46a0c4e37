package io.chela.app;

import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.spi.ModelState;
import io.chela.app.models.Finding;
import io.chela.app.models.Starters;
import io.chela.edge.EdgeServer;
import io.chela.edge.Gateway;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A gateway that listens. Closing it drains it first.
final class RunningGateway implements AutoCloseable {
    /// How long running turns may go on once the gateway is told to stop.
    static final Duration DRAIN = Duration.ofSeconds(30);

    /// How long cancelled turns have to come back.
    private static final Duration CANCEL = Duration.ofSeconds(2);

    private static final Duration STATE_POLL = Duration.ofMillis(20);
    private static final System.Logger LOG = System.getLogger(RunningGateway.class.getName());

    private final EdgeServer edge;
    private final Gateway gateway;
    private final ModelReadiness readiness;
    private final Credentials credentials;
    private final Answering answering;
    private final GatewayConfig config;
    private final Path stateFolder;
    private final List<AutoCloseable> open;

    /// Who answers where no model is configured.
    record Answering(Optional<Starters> starter, Optional<Finding> finding) {}

    RunningGateway(
            EdgeServer edge,
            Gateway gateway,
            ModelReadiness readiness,
            Credentials credentials,
            Answering answering,
            GatewayConfig config,
            Path stateFolder,
            List<AutoCloseable> open) {
        this.edge = edge;
        this.gateway = gateway;
        this.readiness = readiness;
        this.credentials = credentials;
        this.answering = answering;
        this.config = config;
        this.stateFolder = stateFolder;
        this.open = open;
    }

    int port() {
        return edge.port();
    }

    List<String> addresses() {
        return edge.addresses();
    }

    Path stateFolder() {
        return stateFolder;
    }

    Optional<WebConfig.Tls> tls() {
        return config.web().tls();
    }

    boolean chatIsEnabled() {
        return config.chat();
    }

    String host() {
        return config.localHost();
    }

    Credentials credentials() {
        return credentials;
    }

    Agent defaultAgent() {
        return gateway.router().defaultAgent();
    }

    String destination(ModelRef model) {
        return gateway.runtime().providers().destination(model);
    }

    ModelState defaultModelState() {
        return readiness.state();
    }

    /// Why the starter model is not the one that answers; empty when it is, or none was asked for.
    Optional<String> starterWarning() {
        return answering.starter().flatMap(Starters::warning);
    }

    /// How the model was found, when none is configured.
    Optional<Finding> finding() {
        return answering.finding();
    }

    List<Agent> agents() {
        return config.agents();
    }

    /// Waits until the default agent's model is loaded or has failed.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    void awaitModel() throws InterruptedException {
        while (readiness.state() instanceof ModelState.Loading) {
            Thread.sleep(STATE_POLL);
        }
    }

    /// Takes no new turns, lets the running ones end, tells every socket, and closes everything.
    @Override
    public void close() {
        Runs runs = gateway.runtime().runs();
        runs.drain();
        edge.drain();
        try {
            if (!runs.awaitIdle(DRAIN)) {
                LOG.log(
                        Level.WARNING,
                        runs.running() + " runs did not end within " + DRAIN.toSeconds() + " s and are cancelled");
                runs.cancelAll();
                runs.awaitIdle(CANCEL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Closing.all(open.reversed());
    }
}
