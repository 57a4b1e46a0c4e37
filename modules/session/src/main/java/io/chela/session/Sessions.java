package io.chela.session;

import io.chela.api.SessionKey;
import io.chela.api.spi.Entry;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.SessionSummary;
import java.time.Clock;
import java.util.List;

/// Every session of this gateway: one turn at a time in each, in order of arrival; sessions never wait for each
/// other.
///
/// Safe for many threads. Does not close the store.
public final class Sessions {
    /// How many turns wait for one session at most, the running one not counted.
    public static final int DEFAULT_WAITING = 32;

    private final SessionStore store;
    private final Clock clock;
    private final Lanes lanes = new Lanes();

    public Sessions(SessionStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Joins the queue of a session, at once: the order of calls is the order of turns. Close the ticket in any
    /// case.
    ///
    /// @param mostWaiting how many turns may wait for one session, the running one not counted
    /// @throws io.chela.api.ProblemException with `Busy` when too many wait already
    public LaneTicket queue(String owner, SessionKey key, int mostWaiting) {
        var ticket = new LaneTicket(new Place(owner, key), lanes, store, clock);
        lanes.join(ticket, mostWaiting);
        return ticket;
    }

    /// Reads all entries of a session in order, also those of failed and of running turns; empty when there is
    /// no such session.
    public List<Entry> transcript(String owner, SessionKey key) {
        return store.read(owner, key);
    }

    /// Lists the owner's sessions, newest first, at most `limit`.
    public List<SessionSummary> list(String owner, int limit) {
        return store.list(owner, limit);
    }
}
