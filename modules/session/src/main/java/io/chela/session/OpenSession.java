package io.chela.session;

import io.chela.api.Message;
import io.chela.api.RunId;
import io.chela.api.spi.Entry;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.Lease;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import java.time.Clock;
import java.util.List;

/// A session whose lane the caller has, until the ticket is closed. For the thread that runs the turn.
public final class OpenSession {
    private final SessionStore store;
    private final Lease lease;
    private final Clock clock;

    OpenSession(SessionStore store, Lease lease, Clock clock) {
        this.store = store;
        this.lease = lease;
        this.clock = clock;
    }

    /// Reads the messages that belong into a prompt: those of the newest exchanges that are done or partial.
    public History history(HistoryLimits limits) {
        List<Entry> newest = store.newest(lease.owner(), lease.key(), limits);
        List<Message> messages = newest.stream().map(Entry::message).toList();
        boolean cut = !newest.isEmpty() && newest.getFirst().seq() > 1;
        return cut ? new History(messages, true).newest(messages.size()) : new History(messages, false);
    }

    /// Writes what was asked, as [EntryState#UNANSWERED]. It is durable when this returns.
    public void begin(RunId run, List<Message> messages) {
        append(run, EntryState.UNANSWERED, messages);
    }

    /// Writes what was answered and what became of the exchange. It is durable when this returns.
    ///
    /// @param answer empty when the model said nothing; an exchange that is part of prompts has an answer, be
    /// it a
    ///     message with an empty text
    public void settle(RunId run, EntryState state, List<Message> answer) {
        if (state.isPartOfPrompts() && answer.isEmpty()) {
            throw new IllegalArgumentException("an exchange that is " + state + " has an answer");
        }
        append(run, state, answer);
    }

    private void append(RunId run, EntryState state, List<Message> messages) {
        store.append(lease, new RunEntries(run, state, clock.instant(), messages));
    }
}
