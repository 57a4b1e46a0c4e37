package io.chela.api;

import java.util.Optional;

/// How a run ended.
public sealed interface TurnOutcome {
    /// The word for logs and frames: `completed`, `cancelled`, `timed_out` or `failed`.
    String word();

    /// The model answered.
    ///
    /// @param finishReason the model's own word, see [ModelEvent.Finish]
    record Completed(String finishReason, Optional<Usage> usage) implements TurnOutcome {
        @Override
        public String word() {
            return "completed";
        }
    }

    /// Somebody ended it: the caller hung up, a client aborted it, the gateway is stopping.
    record Cancelled() implements TurnOutcome {
        @Override
        public String word() {
            return "cancelled";
        }
    }

    /// It took longer than a run may take.
    record TimedOut() implements TurnOutcome {
        @Override
        public String word() {
            return "timed_out";
        }
    }

    record Failed(Problem problem) implements TurnOutcome {
        @Override
        public String word() {
            return "failed";
        }
    }
}
