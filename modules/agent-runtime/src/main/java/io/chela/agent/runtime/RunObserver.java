package io.chela.agent.runtime;

import io.chela.api.RunEvent;

/// Sees the events of every run. Called on the thread that plays the run: must not block and must not throw.
public interface RunObserver {
    void happened(Run run, RunEvent event);

    /// The run's outcome is there; nothing more happens in it.
    void ended(Run run);
}
