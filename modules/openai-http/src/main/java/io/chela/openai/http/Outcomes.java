package io.chela.openai.http;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.TurnOutcome;
import java.time.Duration;

/// What a run's end means to an HTTP caller.
final class Outcomes {
    /// For a caller that is still there when its run was cancelled: the gateway is stopping, or somebody
    /// aborted
    /// the run.
    static final Problem CANCELLED =
            new Problem.Unavailable("cancelled", "The run was cancelled.", Duration.ofSeconds(1));

    private Outcomes() {}

    /// @throws ProblemException when the run did not complete
    static TurnOutcome.Completed completed(TurnOutcome outcome) {
        return switch (outcome) {
            case TurnOutcome.Completed completed -> completed;
            case TurnOutcome.Failed(var problem) -> throw new ProblemException(problem);
            case TurnOutcome.TimedOut _ -> throw new ProblemException(new Problem.TimedOut());
            case TurnOutcome.Cancelled _ -> throw new ProblemException(CANCELLED);
        };
    }
}
