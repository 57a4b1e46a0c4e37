package io.chela.api;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The id of an agent: `[a-z0-9][a-z0-9_-]{0,63}`, as OpenClaw has it. Read case-insensitively, kept in lower
/// case.
public record AgentId(String value) {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    public AgentId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("an agent id matches " + LEGAL.pattern() + ", this does not: " + value);
        }
    }

    /// Reads an id in any case; empty when it is no legal id.
    public static Optional<AgentId> parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return LEGAL.matcher(lower).matches() ? Optional.of(new AgentId(lower)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
