package io.chela.agent.runtime;

import io.chela.api.RunEvent;

/// Where a door takes the events of the run it plays. May block, which slows the model; throwing cancels the
/// run.
@FunctionalInterface
public interface TurnSink {
    void accept(RunEvent event);
}
