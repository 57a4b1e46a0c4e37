package io.chela.app;

import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.spi.ModelState;
import io.chela.app.models.Finding;
import io.chela.app.models.OllamaCloud;
import io.chela.app.models.Starters;
import io.chela.edge.EdgeServer;
import io.chela.edge.LiveGateway;
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

    /// How long a run's last answer may take to its caller.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Duration STATE_POLL = Duration.ofMillis(20);
    private static final System.Logger LOG = System.getLogger(RunningGateway.class.getName());

    private final LiveGateway live;
    private final EdgeServer edge;
    private final Building.Built first;
    private final Rereading rereading;
    private final Path stateFolder;
    private final List<AutoCloseable> open;

    /// @param first what it was started with
    /// @param open what it closes, the last one first
    RunningGateway(
            LiveGateway live,
            EdgeServer edge,
            Building.Built first,
            Rereading rereading,
            Path stateFolder,
            List<AutoCloseable> open) {
        this.live = live;
        this.edge = edge;
        this.first = first;
        this.rereading = rereading;
        this.stateFolder = stateFolder;
        this.open = open;
    }

    /// Has the configuration read again, soon; also when no file has changed. Returns at once.
    void askToReread() {
        rereading.ask();
    }

    /// Reads the configuration again; what it says is in force when this returns, if it has no mistake.
    void reread() {
        rereading.reread();
    }

    private GatewayConfig config() {
        return first.reading().config();
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

    ConfigFile configuration() {
        return first.reading().file();
    }

    Optional<WebConfig.Tls> tls() {
        return config().web().tls();
    }

    boolean chatIsEnabled() {
        return config().chat();
    }

    String host() {
        return config().localHost();
    }

    Credentials credentials() {
        return first.credentials();
    }

    Agent defaultAgent() {
        return first.gateway().router().defaultAgent();
    }

    /// Where a model's prompts go, as far as that is known.
    String destination(ModelRef model) {
        return first.providers().destination(model)
                + (OllamaCloud.runs(model) ? ", and from there on to " + OllamaCloud.HOST : "");
    }

    ModelState defaultModelState() {
        return first.providers().model(defaultAgent().model()).state();
    }

    /// Why the starter model is not the one that answers; empty when it is, or none was asked for.
    Optional<String> starterWarning() {
        return first.made().models().get(Starters.PROVIDER) instanceof Starters starter
                ? starter.warning()
                : Optional.empty();
    }

    /// How the model was found at the start, when none is configured.
    Optional<Finding> finding() {
        return first.choice().finding();
    }

    List<Agent> agents() {
        return config().agents();
    }

    /// Waits until the default agent's model is loaded or has failed.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    void awaitModel() throws InterruptedException {
        while (defaultModelState() instanceof ModelState.Loading) {
            Thread.sleep(STATE_POLL);
        }
    }

    /// Takes no new turns, lets the running ones end, tells every socket, and closes everything.
    @Override
    public void close() {
        rereading.close();
        Runs runs = live.now().runtime().runs();
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
            edge.awaitDrained(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Closing.all(open.reversed());
    }
}
