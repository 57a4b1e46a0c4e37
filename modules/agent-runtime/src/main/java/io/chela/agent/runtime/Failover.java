package io.chela.agent.runtime;

import io.chela.api.Agent;
import io.chela.api.LogLine;
import io.chela.api.ModelRef;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelState;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// The models that may answer a turn, in the order in which they are asked: each when the one before failed
/// before its first word, for a reason that is not in the request.
///
/// When all fail the first one's failure is the turn's, and names what became of the others.
///
/// @param askings one at least
record Failover(List<Asking> askings) {
    /// What a caller is told to wait while a model loads.
    static final Duration LOADING_RETRY = Duration.ofSeconds(2);

    /// What another model would not like either.
    private static final Set<Kind> OF_THE_REQUEST = Set.of(Kind.REJECTED, Kind.CONTEXT_LENGTH, Kind.CONTENT_FILTER);

    private static final System.Logger LOG = System.getLogger(Failover.class.getName());

    /// Those of an agent's models that are ready now.
    ///
    /// @throws ProblemException with `Unavailable` when none is; it says why the agent's own is not
    static Failover of(Agent agent, Providers providers, BiFunction<ModelRef, Model, Asking> asking) {
        List<Asking> ready = new ArrayList<>();
        List<Problem> reasons = new ArrayList<>();
        agent.models().forEach(ref -> {
            Model model = providers.model(ref);
            switch (model.state()) {
                case ModelState.Ready _ -> ready.add(asking.apply(ref, model));
                case ModelState.Loading(var what) ->
                    reasons.add(unavailable("loading", "The model " + ref + " is not ready yet: " + what + "."));
                case ModelState.Failed(var why) ->
                    reasons.add(unavailable("model failed", "The model " + ref + " cannot answer: " + why));
            }
        });
        if (ready.isEmpty()) {
            throw new ProblemException(reasons.getFirst());
        }
        if (!reasons.isEmpty()) {
            new LogLine()
                    .text("failover", "not ready")
                    .text("agent", agent.id().value())
                    .text("next", ready.getFirst().ref().provider())
                    .floods("failover not ready " + agent.id())
                    .log(LOG, Level.WARNING);
        }
        return new Failover(List.copyOf(ready));
    }

    private static Problem unavailable(String why, String message) {
        return new Problem.Unavailable(why, message, LOADING_RETRY);
    }

    /// Asks the first, and while that fails the next one; on this thread.
    void ask(Run run, Consumer<Asking> question) {
        List<Failure> failures = new ArrayList<>();
        for (Asking asking : askings) {
            try {
                question.accept(asking);
                return;
            } catch (ProblemException e) {
                if (!(e.problem() instanceof Problem.Upstream upstream)
                        || isOver(run)
                        || (failures.isEmpty() && OF_THE_REQUEST.contains(upstream.kind()))) {
                    throw e;
                }
                failures.add(new Failure(asking.ref(), upstream, e));
                run.answer().askedAgain();
                log(run, failures);
            }
        }
        throw together(failures);
    }

    private static boolean isOver(Run run) {
        return run.stopping().isPresent() || run.answer().hasBegun();
    }

    /// One model's.
    private record Failure(ModelRef ref, Problem.Upstream problem, ProblemException cause) {}

    private static ProblemException together(List<Failure> failures) {
        Failure first = failures.getFirst();
        if (failures.size() == 1) {
            return first.cause();
        }
        var message = new StringBuilder(first.problem().message());
        failures.stream()
                .skip(1)
                .forEach(other -> message.append(" Its fallback ")
                        .append(other.ref())
                        .append(": ")
                        .append(other.problem().message()));
        Problem.Upstream own = first.problem();
        return new ProblemException(
                new Problem.Upstream(
                        own.kind(), own.fault(), own.provider(), own.status(), message.toString(), own.retryAfter()),
                first.cause());
    }

    /// Without the problem's message: it may quote what the caller said.
    private void log(Run run, List<Failure> failures) {
        if (failures.size() == askings.size()) {
            return; // the run's end tells it
        }
        Failure failed = failures.getLast();
        String what = UpstreamFailures.words(failed.problem());
        new LogLine()
                .text("failover", what)
                .text("provider", failed.ref().provider())
                .text("next", askings.get(failures.size()).ref().provider())
                .text("run", run.id().value())
                .floods("failover " + failed.ref().provider() + " " + what)
                .log(LOG, Level.WARNING);
    }
}
