package io.chela.testkit;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.SessionKey;
import io.chela.api.spi.Entry;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.Lease;
import io.chela.api.spi.NewestExchanges;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.SessionSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A store in memory that allows one lease a session and can be told to keep a claim waiting, as a shared
/// store does.
public final class MemoryStore implements SessionStore {
    private final Map<Place, List<Entry>> sessions = new HashMap<>();
    private final Set<Place> held = new HashSet<>();
    private Runnable onClaim = () -> {};

    private record Place(String owner, SessionKey key) {}

    /// Runs at each claim, on the thread that claims.
    public synchronized void onClaim(Runnable action) {
        onClaim = action;
    }

    /// How many leases are held.
    public synchronized int leases() {
        return held.size();
    }

    @Override
    public Lease claim(String owner, SessionKey key) {
        claimAction().run();
        synchronized (this) {
            if (!held.add(new Place(owner, key))) {
                throw new AssertionError("two leases of one session");
            }
            return new MemoryLease(this, owner, key);
        }
    }

    private synchronized Runnable claimAction() {
        return onClaim;
    }

    @Override
    public synchronized void append(Lease lease, RunEntries added) {
        Place place = new Place(lease.owner(), lease.key());
        if (!held.contains(place)) {
            throw new ProblemException(new Problem.Conflict("not held"));
        }
        List<Entry> entries = sessions.computeIfAbsent(place, _ -> new ArrayList<>());
        entries.replaceAll(entry -> entry.run().equals(added.run()) && entry.state() == EntryState.UNANSWERED
                ? new Entry(entry.seq(), entry.run(), added.state(), entry.at(), entry.message())
                : entry);
        for (Message message : added.messages()) {
            entries.add(new Entry(entries.size() + 1L, added.run(), added.state(), added.at(), message));
        }
    }

    @Override
    public synchronized List<Entry> read(String owner, SessionKey key) {
        return List.copyOf(sessions.getOrDefault(new Place(owner, key), List.of()));
    }

    @Override
    public List<Entry> newest(String owner, SessionKey key, HistoryLimits limits) {
        var exchanges = new NewestExchanges<Entry>(limits);
        for (Entry entry : read(owner, key).reversed()) {
            if (entry.state().isPartOfPrompts()) {
                if (!exchanges.takes(
                        entry.run(), Json.writeBytes(entry.message().json()).length)) {
                    break;
                }
                exchanges.add(entry);
            }
        }
        return exchanges.oldestFirst();
    }

    @Override
    public synchronized List<SessionSummary> list(String owner, int limit) {
        return sessions.entrySet().stream()
                .filter(session -> session.getKey().owner().equals(owner))
                .map(session -> new SessionSummary(
                        session.getKey().key(),
                        session.getValue().getFirst().at(),
                        session.getValue().getLast().at(),
                        session.getValue().size()))
                .limit(limit)
                .toList();
    }

    private synchronized void release(Place place) {
        held.remove(place);
    }

    @Override
    public void close() {}

    private record MemoryLease(MemoryStore store, String owner, SessionKey key) implements Lease {
        @Override
        public void close() {
            store.release(new Place(owner, key));
        }
    }
}
