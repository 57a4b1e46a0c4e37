package io.chela.app.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that somebody may have meant.
public final class Nearest {
    /// A longer word is no slip of the fingers, and comparing it costs its length times that of each known one.
    private static final int LONGEST = 64;

    /// One wrong letter in so many is still the same word.
    private static final int LETTERS_PER_SLIP = 3;

    private Nearest() {}

    /// The known word with the fewest letters changed, left out, added or swapped, or that begins as the given one
    /// does; of two the one with the same first letter; empty when none is near. Case does not count.
    public static Optional<String> of(String word, Collection<String> known) {
        String given = word.toLowerCase(Locale.ROOT);
        if (given.isBlank() || given.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> isNear(given, candidate.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt((String candidate) -> distance(given, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparing(candidate -> candidate.charAt(0) != word.charAt(0)));
    }

    /// The question to put behind a refusal, such as `; did you mean 'status'?`; nothing when no word is near.
    public static String question(String word, Collection<String> known) {
        return of(word, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    private static boolean isNear(String given, String candidate) {
        int letters = Math.max(lettersOf(given), lettersOf(candidate));
        boolean begins = lettersOf(given) > 1 && candidate.startsWith(given);
        return begins || distance(given, candidate) <= Math.max(1, letters / LETTERS_PER_SLIP);
    }

    /// Without the dashes of an option, which are no letters to get right.
    private static int lettersOf(String word) {
        return (int) word.chars().filter(letter -> letter != '-').count();
    }

    /// Of Damerau and Levenshtein, over adjacent letters.
    private static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        Arrays.setAll(last, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[to.length()];
    }
}
