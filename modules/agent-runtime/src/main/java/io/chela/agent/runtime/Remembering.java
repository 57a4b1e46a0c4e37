package io.chela.agent.runtime;

import io.chela.api.LogLine;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.Turn;
import io.chela.session.History;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/// Asks a model with as much of what was said before as it takes.
///
/// What it takes is estimated where its context window is known. A model that says that it is too much is
/// asked with less, and at last without any: a long session goes on, instead of failing for ever.
record Remembering(Turn turn, Asking asking, Run run) {
    /// Which part of the history is left after each refusal; after the last one, nothing.
    private static final List<Integer> PARTS = List.of(2, 8);

    private static final Logger LOG = System.getLogger(Remembering.class.getName());

    void ask(History history, List<Message> fresh, Consumer<ModelEvent> sink) {
        History told = asking.model()
                .window()
                .map(window -> new Room(turn, window).fitting(history, fresh))
                .orElse(history);
        int size = told.messages().size();
        for (int part : PARTS) {
            if (took(told, fresh, sink)) {
                return;
            }
            told = told.newest(size / part);
        }
        if (told.messages().isEmpty() || !took(told, fresh, sink)) {
            asking.ask(Prompts.continued(turn, History.NONE, fresh), run, sink);
        }
    }

    /// Tells whether the model answered; false when there is less that it can be asked with.
    private boolean took(History told, List<Message> fresh, Consumer<ModelEvent> sink) {
        try {
            asking.ask(Prompts.continued(turn, told, fresh), run, sink);
            return true;
        } catch (ProblemException e) {
            if (told.messages().isEmpty() || run.answer().hasBegun() || !isTooMuch(e.problem())) {
                throw e;
            }
            run.answer().askedAgain();
            log(told.messages().size());
            return false;
        }
    }

    private static boolean isTooMuch(Problem problem) {
        return problem instanceof Problem.Upstream upstream && upstream.kind() == Kind.CONTEXT_LENGTH;
    }

    private void log(int messages) {
        new LogLine()
                .text("history", "too long")
                .number("messages", messages)
                .text("provider", asking.ref().provider())
                .text("run", turn.run().value())
                .floods("history " + asking.ref().provider())
                .log(LOG, Level.WARNING);
    }
}
