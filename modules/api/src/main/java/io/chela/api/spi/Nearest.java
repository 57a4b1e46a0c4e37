package io.chela.api.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that somebody may have meant.
final class Nearest {
    /// A name of fewer letters may differ by one of them.
    private static final int SHORT = 4;

    private Nearest() {}

    /// The name that differs by the fewest letters, and by no more than a third of them or two; the case does
    /// not count.
    static Optional<String> to(String written, Collection<String> names) {
        int most = Math.max(written.length() < SHORT ? 1 : 2, written.length() / 3);
        return names.stream()
                .filter(name -> Math.abs(name.length() - written.length()) <= most)
                .min(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(name -> name))
                .filter(name -> distance(written, name) <= most);
    }

    /// How many letters must be put in, left out or changed (V. I. Levenshtein, 1965).
    private static int distance(String one, String other) {
        String left = one.toLowerCase(Locale.ROOT);
        String right = other.toLowerCase(Locale.ROOT);
        int[] above = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[right.length() + 1];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = above[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[right.length()];
    }
}
