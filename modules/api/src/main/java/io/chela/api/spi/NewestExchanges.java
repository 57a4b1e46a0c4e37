package io.chela.api.spi;

import io.chela.api.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gathers a session's newest exchanges from its entries, newest first, for a [SessionStore]. For one thread.
///
/// An exchange is what follows each other in one run. It is kept whole or not at all, the newest one in any
/// case.
///
/// @param <T> what the store has for an entry
public final class NewestExchanges<T> {
    private final HistoryLimits limits;
    private final List<T> newestFirst = new ArrayList<>();
    private Optional<RunId> run = Optional.empty();
    private int whole;
    private long bytes;

    public NewestExchanges(HistoryLimits limits) {
        this.limits = limits;
    }

    /// Tells whether the next older entry still belongs to them; when not, no older one does.
    ///
    /// @param size of the entry's message, as JSON in UTF-8
    public boolean takes(RunId of, long size) {
        if (!run.equals(Optional.of(of))) {
            run = Optional.of(of);
            whole = newestFirst.size();
        }
        boolean fits = newestFirst.size() < limits.messages() && bytes + size <= limits.bytes();
        if (!fits && whole > 0) {
            newestFirst.subList(whole, newestFirst.size()).clear();
            return false;
        }
        bytes += size;
        return true;
    }

    /// Adds the entry that was just [taken][#takes].
    public void add(T entry) {
        newestFirst.add(entry);
    }

    public List<T> oldestFirst() {
        return List.copyOf(newestFirst.reversed());
    }
}
