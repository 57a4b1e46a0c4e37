package io.chela.agent.runtime;

import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.Iterator;

/// Says a word, and fails.
final class HalfAnAnswer implements Iterator<ModelEvent> {
    private final Problem problem;
    private boolean said;

    HalfAnAnswer(Problem problem) {
        this.problem = problem;
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public ModelEvent next() {
        if (said) {
            throw new ProblemException(problem);
        }
        said = true;
        return new ModelEvent.Text("Hal");
    }
}
