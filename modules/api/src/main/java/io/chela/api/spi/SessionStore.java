package io.chela.api.spi;

import io.chela.api.SessionKey;
import java.util.List;

/// Keeps transcripts. Safe for use by many threads; what returned is durable.
///
/// Calls wait uninterruptibly and keep the interrupt flag. Failures are [io.chela.api.ProblemException] with
/// `Internal` or `Conflict`.
/// Every implementation passes the testkit's `SessionStoreContract`.
public interface SessionStore extends AutoCloseable {
    /// Gives the right to append to a session; the lane of the session waits for it. The session need not
    /// exist.
    Lease claim(String owner, SessionKey key);

    /// Appends entries in order and gives those of their run that are still [EntryState#UNANSWERED] this
    /// state, in one step.
    ///
    /// With no entries it changes the state alone. An exchange that was settled stays so for ever: an id that
    /// a caller uses again for another run does not touch it.
    ///
    /// @throws io.chela.api.ProblemException with `Conflict` when the lease was lost
    void append(Lease lease, RunEntries entries);

    /// Reads a session's entries in order of `seq`; empty when there is no such session.
    List<Entry> read(String owner, SessionKey key);

    /// Reads the newest exchanges that are [part of prompts][EntryState#isPartOfPrompts], see
    /// [NewestExchanges], in order of `seq`; empty when there are none. What is older is not read.
    List<Entry> newest(String owner, SessionKey key, HistoryLimits limits);

    /// Lists the owner's sessions, newest first, at most `limit`.
    List<SessionSummary> list(String owner, int limit);

    @Override
    void close();
}
