package io.chela.api;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The id of an agent: `[a-z0-9][a-z0-9_-]{0,63}`, as OpenClaw has it. Read case-insensitively, kept in lower
/// case.
public record AgentId(String value) {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /// ASCII letters only: the Kelvin sign would become a `k`.
    private static final Pattern ANY_CASE = Pattern.compile(LEGAL.pattern(), Pattern.CASE_INSENSITIVE);

    public AgentId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("an agent id matches " + LEGAL.pattern() + ", this does not: " + value);
        }
    }

    /// Reads an id in any case; empty when it is no legal id.
    public static Optional<AgentId> parse(String text) {
        return ANY_CASE.matcher(text).matches()
                ? Optional.of(new AgentId(text.toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
