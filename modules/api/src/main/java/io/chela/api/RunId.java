package io.chela.api;

import java.util.UUID;

/// The id of one run: a random UUID, or over the Gateway protocol the client's idempotency key (1 to 128
/// characters).
public record RunId(String value) {
    /// The longest id, in characters.
    public static final int MAX_LENGTH = 128;

    public RunId {
        if (value.isBlank() || value.length() > MAX_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a run id has 1 to " + MAX_LENGTH + " characters and no control characters");
        }
    }

    public static RunId random() {
        return new RunId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
