package io.chela.api.spi;

import io.chela.api.SessionKey;
import java.util.List;

/// Keeps transcripts. Safe for use by many threads; what returned is durable.
///
/// Calls wait uninterruptibly and keep the interrupt flag. Failures are [io.chela.api.ProblemException] with
/// `Internal`
/// or `Conflict`.
/// Every implementation passes the testkit's `SessionStoreContract`.
public interface SessionStore extends AutoCloseable {
    /// Gives the right to append to a session; the lane of the session waits for it. The session need not
    /// exist.
    Lease claim(String owner, SessionKey key);

    /// Appends entries in order and gives *all* entries of their run this state, in one step.
    ///
    /// With no entries it changes the state alone. An exchange has one state: a user's message is
    /// [EntryState#UNANSWERED] until the answer that settles it is appended.
    ///
    /// @throws io.chela.api.ProblemException with `Conflict` when the lease was lost
    void append(Lease lease, RunEntries entries);

    /// Reads a session's entries in order of `seq`; empty when there is no such session.
    List<Entry> read(String owner, SessionKey key);

    /// Lists the owner's sessions, newest first, at most `limit`.
    List<SessionSummary> list(String owner, int limit);

    @Override
    void close();
}
