package io.chela.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counts what happens too often to be written each time. Safe for many threads.
///
/// The first event of a kind is written; the others are counted, and their number is due once a second for as
/// long as there are any.
final class Floods {
    static final Duration WINDOW = Duration.ofSeconds(1);

    /// How many kinds are told apart; more of them are counted as one.
    static final int MAX_KINDS = 64;

    private static final String OTHERS = "others";

    /// How often a kind happened, beyond what was written.
    record Sum(String kind, long count) {}

    private static final class Window {
        private long since;
        private long count;

        Window(long since) {
            this.since = since;
        }
    }

    private final LongSupplier nanos;
    private final Map<String, Window> windows = new LinkedHashMap<>();

    /// @param nanos a clock such as [System#nanoTime]
    Floods(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Tells whether this event is the first of its kind; counts it when not.
    synchronized boolean isFirst(String kind) {
        String known = windows.containsKey(kind) || windows.size() < MAX_KINDS ? kind : OTHERS;
        Window window = windows.get(known);
        long now = nanos.getAsLong();
        if (window == null || (window.count == 0 && isOver(window, now))) {
            windows.put(known, new Window(now));
            return true;
        }
        window.count++;
        return false;
    }

    /// The sums of the seconds that are over. A kind that goes on is counted on, one that stopped is forgotten.
    synchronized List<Sum> due() {
        return take(false);
    }

    /// All sums, for the end.
    synchronized List<Sum> all() {
        return take(true);
    }

    /// Tells whether something was counted and is not told yet.
    synchronized boolean isCounting() {
        return windows.values().stream().anyMatch(window -> window.count > 0);
    }

    private List<Sum> take(boolean all) {
        long now = nanos.getAsLong();
        List<Sum> sums = new ArrayList<>();
        Iterator<Map.Entry<String, Window>> entries = windows.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Window> entry = entries.next();
            Window window = entry.getValue();
            if (all || isOver(window, now)) {
                if (window.count > 0) {
                    sums.add(new Sum(entry.getKey(), window.count));
                    window.count = 0;
                    window.since = now;
                } else {
                    entries.remove();
                }
            }
        }
        return sums;
    }

    private static boolean isOver(Window window, long now) {
        return now - window.since >= WINDOW.toNanos();
    }
}
