package io.chela.agent.runtime;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Turn;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelState;
import io.chela.session.Sessions;
import java.time.Duration;

/// Takes turns and runs them. Safe for many threads.
public final class AgentRuntime {
    /// What a caller is told to wait while a model loads.
    static final Duration LOADING_RETRY = Duration.ofSeconds(2);

    private final Providers providers;
    private final Sessions sessions;
    private final Runs runs;
    private final Retries retries;

    public AgentRuntime(Providers providers, Sessions sessions, Runs runs) {
        this(providers, sessions, runs, Retries.STANDARD);
    }

    AgentRuntime(Providers providers, Sessions sessions, Runs runs, Retries retries) {
        this.providers = providers;
        this.sessions = sessions;
        this.runs = runs;
        this.retries = retries;
    }

    /// Every run, of every door.
    public Runs runs() {
        return runs;
    }

    public Providers providers() {
        return providers;
    }

    /// Takes a turn and its place in its session's queue; does not block. What is accepted must be
    /// [played][Accepted#play].
    ///
    /// @throws ProblemException with `Unavailable` (the model is loading or has failed, the gateway stops),
    ///     `Busy`
    ///     or `Conflict`
    public Accepted accept(Turn turn) {
        return accept(turn, runs.limits().longest());
    }

    /// The same for a turn that may last no longer than this, nor longer than any may.
    ///
    /// @throws ProblemException as above
    public Accepted accept(Turn turn, Duration longest) {
        Model model = ready(turn);
        Duration all = runs.limits().longest();
        var answer = new Answer(
                turn.agent().model().provider(),
                runs.limits().replies().answerBytes(),
                runs.budget().hold());
        Run run = new Run(turn, answer, runs.now(), longest.compareTo(all) < 0 ? longest : all);
        runs.add(run);
        try {
            var lane = turn.session().map(key -> sessions.queue(turn.owner(), key));
            return new Accepted(turn, run, new Asking(model, retries, runs.clock()), lane, runs);
        } catch (RuntimeException e) {
            runs.remove(run);
            throw e;
        }
    }

    private Model ready(Turn turn) {
        Model model = providers.model(turn.agent().model());
        return switch (model.state()) {
            case ModelState.Ready _ -> model;
            case ModelState.Loading(var what) ->
                throw new ProblemException(new Problem.Unavailable(
                        "The model " + turn.agent().model() + " is not ready yet: " + what + ".", LOADING_RETRY));
            case ModelState.Failed(var why) ->
                throw new ProblemException(new Problem.Unavailable(
                        "The model " + turn.agent().model() + " cannot answer: " + why, LOADING_RETRY));
        };
    }
}
