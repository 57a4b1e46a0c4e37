package io.chela.api.spi;

import io.chela.api.Message;
import io.chela.api.RunId;
import java.time.Instant;
import java.util.List;

/// What one step of a run adds to a transcript.
///
/// @param state the state that these and the run's unanswered entries have from now on
public record RunEntries(RunId run, EntryState state, Instant at, List<Message> messages) {
    public RunEntries {
        messages = List.copyOf(messages);
    }
}
