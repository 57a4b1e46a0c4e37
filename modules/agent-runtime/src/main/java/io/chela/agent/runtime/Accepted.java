package io.chela.agent.runtime;

import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Turn;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.session.History;
import io.chela.session.LaneTicket;
import io.chela.session.OpenSession;
import io.chela.session.Transcript;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A turn that was taken and waits to be played, once, by one thread.
public final class Accepted {
    private static final Logger LOG = System.getLogger(Accepted.class.getName());

    /// How often a history is held: as it was read, and as what goes to the model.
    private static final int COPIES = 2;

    private final Turn turn;
    private final Run run;
    private final Failover failover;
    private final Optional<LaneTicket> lane;
    private final Providers.Use models;
    private final HistoryLimits remembered;
    private final Runs runs;

    /// What one run is made of.
    ///
    /// @param models what it may ask, open until it has ended
    record Parts(Turn turn, Run run, Failover failover, Optional<LaneTicket> lane, Providers.Use models) {}

    /// @param remembered how much of what was said before a model is told
    Accepted(Parts parts, HistoryLimits remembered, Runs runs) {
        this.turn = parts.turn();
        this.run = parts.run();
        this.failover = parts.failover();
        this.lane = parts.lane();
        this.models = parts.models();
        this.remembered = remembered;
        this.runs = runs;
    }

    public Run run() {
        return run;
    }

    /// Plays the run on this thread, blocking until it has ended; the session's entries are durable before it
    /// returns.
    ///
    /// Never throws for what goes wrong in the run: that is the outcome.
    public TurnOutcome play(TurnSink sink) {
        TurnOutcome outcome = new TurnOutcome.Cancelled();
        try {
            outcome = guarded(sink);
        } finally {
            try (models) {
                lane.ifPresent(LaneTicket::close);
            } finally {
                run.end(outcome, runs.now());
                runs.remove(run);
                runs.ended(run);
            }
        }
        return outcome;
    }

    private TurnOutcome guarded(TurnSink sink) {
        try {
            return lane.isPresent()
                    ? inSession(lane.get(), sink)
                    : ask(sink, (asking, said) -> asking.ask(Prompts.stateless(turn), run, said));
        } catch (RuntimeException | LinkageError e) { // of an extension that lacks a library
            return outcomeOf(e);
        }
    }

    private TurnOutcome inSession(LaneTicket ticket, TurnSink sink) {
        run.waitsOn(ticket);
        OpenSession session = ticket.await();
        run.waitsOn(() -> {}); // a cancel from here on must not give up the lane before the exchange is settled
        History history = session.history(remembered);
        run.answer().holdBeside(COPIES * history.weight());
        List<Message> fresh = Transcript.newMessages(history, turn.messages());
        session.begin(run.id(), fresh);
        TurnOutcome outcome;
        try {
            outcome = ask(sink, (asking, said) -> new Remembering(turn, asking, run).ask(history, fresh, said));
        } catch (RuntimeException | LinkageError e) {
            outcome = outcomeOf(e);
        }
        settle(session, outcome);
        return outcome;
    }

    private TurnOutcome ask(TurnSink sink, BiConsumer<Asking, Consumer<ModelEvent>> question) {
        emit(new TurnEvent.Started(), sink);
        failover.ask(run, asking -> {
            emit(new TurnEvent.Calling(asking.ref()), sink);
            question.accept(asking, event -> emit(event, sink));
        });
        return new TurnOutcome.Completed(
                run.answer().finishReason().orElse("stop"), run.answer().usage());
    }

    private void emit(TurnEvent event, TurnSink sink) {
        var numbered = run.next(event, runs.now());
        runs.happened(run, numbered);
        try {
            sink.accept(numbered);
        } catch (RuntimeException e) {
            run.cancel(); // the door has lost its caller
            throw e;
        }
    }

    private void settle(OpenSession session, TurnOutcome outcome) {
        Answer answer = run.answer();
        if (outcome instanceof TurnOutcome.Completed) {
            session.settle(run.id(), EntryState.DONE, List.of(answer.entry()));
        } else if (answer.partialEntry().isPresent()) {
            session.settle(
                    run.id(), EntryState.PARTIAL, answer.partialEntry().stream().toList());
        } else if (outcome instanceof TurnOutcome.Failed) {
            session.settle(run.id(), EntryState.FAILED, List.of());
        }
    }

    private TurnOutcome outcomeOf(Throwable e) {
        if (run.stopping().isPresent() || e instanceof CancellationException) {
            return run.stopping().orElseGet(TurnOutcome.Cancelled::new);
        }
        if (e instanceof ProblemException problem) {
            return new TurnOutcome.Failed(problem.problem());
        }
        String id = UUID.randomUUID().toString();
        LOG.log(Level.ERROR, "internal error " + id + " in run " + run.id(), e);
        return new TurnOutcome.Failed(new Problem.Internal(id));
    }
}
