package io.chela.agent.runtime;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Turn;
import io.chela.session.Sessions;
import java.time.Duration;

/// Takes turns and runs them, as one reading of the configuration has it; [Runs] and [Sessions] are shared
/// with the readings before and after. Safe for many threads.
public final class AgentRuntime {
    /// What a caller is told to wait while the gateway stops: another may be there by then.
    private static final Duration STOPPING_RETRY = Duration.ofSeconds(2);

    private final Providers providers;
    private final Sessions sessions;
    private final Runs runs;
    private final RunLimits limits;
    private final Retries retries;

    public AgentRuntime(Providers providers, Sessions sessions, Runs runs, RunLimits limits) {
        this(providers, sessions, runs, limits, Retries.STANDARD);
    }

    AgentRuntime(Providers providers, Sessions sessions, Runs runs, RunLimits limits, Retries retries) {
        this.providers = providers;
        this.sessions = sessions;
        this.runs = runs;
        this.limits = limits;
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
    /// @throws ProblemException with `Unavailable` (no model is ready, the gateway stops),
    ///     `Busy`
    ///     or `Conflict`
    public Accepted accept(Turn turn) {
        return accept(turn, limits.longest());
    }

    /// The same for a turn that may last no longer than this, nor longer than any may.
    ///
    /// @throws ProblemException as above
    public Accepted accept(Turn turn, Duration longest) {
        Providers.Use models =
                providers.use().orElseThrow(() -> new ProblemException(Problem.Unavailable.stopping(STOPPING_RETRY)));
        try {
            return accept(turn, longest, models);
        } catch (RuntimeException e) {
            models.close();
            throw e;
        }
    }

    private Accepted accept(Turn turn, Duration longest, Providers.Use models) {
        Failover failover =
                Failover.of(turn.agent(), providers, (ref, model) -> new Asking(ref, model, retries, runs.clock()));
        Duration all = limits.longest();
        var answer = new Answer(limits.replies().answerBytes(), runs.budget().hold());
        Run run = new Run(turn, answer, runs.now(), longest.compareTo(all) < 0 ? longest : all);
        runs.add(run, limits.concurrent());
        try {
            var lane = turn.session().map(key -> sessions.queue(turn.owner(), key, limits.waitingPerSession()));
            return new Accepted(new Accepted.Parts(turn, run, failover, lane, models), limits.history(), runs);
        } catch (RuntimeException e) {
            runs.remove(run);
            throw e;
        }
    }
}
