package io.chela.api.spi;

/// How much of what was said before a turn reads: the newest exchanges within both limits.
///
/// @param messages how many messages; `limits.historyMessages`
/// @param bytes how much they have together, as JSON in UTF-8; `limits.historyBytes`
public record HistoryLimits(int messages, int bytes) {
    public static final HistoryLimits DEFAULTS = new HistoryLimits(1_000, 4 * 1024 * 1024);

    public HistoryLimits {
        if (messages < 1 || bytes < 1) {
            throw new IllegalArgumentException("a history has room for something");
        }
    }
}
