package io.chela.agent.runtime;

import io.chela.api.LogLine;
import io.chela.api.ModelEvent;
import io.chela.api.ModelRef;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks a model, and asks again when it failed before its first word in a way that may pass.
///
/// Nothing of a failed attempt is seen but its usage. Once a run has said something, a failure ends it.
record Asking(ModelRef ref, Model model, Retries retries, Clock clock) {
    private static final Logger LOG = System.getLogger(Asking.class.getName());

    /// Gives every event of the reply to the sink, on this thread; what it waits for ends with [Run#cancel].
    void ask(Prompt prompt, Run run, Consumer<ModelEvent> sink) {
        Instant start = clock.instant();
        int made = 0;
        while (true) {
            try {
                attempt(prompt, run, sink);
                return;
            } catch (ProblemException e) {
                Duration pause = pause(e.problem(), run, made, start).orElseThrow(() -> e);
                made++;
                log(run, e.problem(), made, pause);
                run.answer().askedAgain();
                rest(run, pause);
            }
        }
    }

    private void attempt(Prompt prompt, Run run, Consumer<ModelEvent> sink) {
        try (ModelReply reply = model.reply(prompt)) {
            run.waitsOn(reply);
            reply.forEach(sink);
        }
    }

    private Optional<Duration> pause(Problem problem, Run run, int made, Instant start) {
        boolean over = run.stopping().isPresent() || run.answer().hasBegun() || !Retries.mayPass(problem);
        return over ? Optional.empty() : retries.next(made, Duration.between(start, clock.instant()));
    }

    private static void rest(Run run, Duration time) {
        try (Pause pause = new Pause()) {
            run.waitsOn(pause);
            pause.await(time);
        }
    }

    /// Without the problem's message: it may quote what the caller said.
    private void log(Run run, Problem problem, int retry, Duration pause) {
        String what = problem instanceof Problem.Upstream upstream
                ? UpstreamFailures.words(upstream)
                : problem.getClass().getSimpleName();
        new LogLine()
                .text("retry", what)
                .text("provider", ref.provider())
                .number("attempt", retry)
                .number("pauseMs", pause.toMillis())
                .text("run", run.id().value())
                .floods("retry " + ref.provider() + " " + what)
                .log(LOG, Level.WARNING);
    }
}
