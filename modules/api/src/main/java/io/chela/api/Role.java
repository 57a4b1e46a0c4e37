package io.chela.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Who wrote a message. Source: OpenAI API reference, "Create chat completion", `messages[].role`.
public enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL;

    /// The role as it is written in JSON.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> parse(String wire) {
        return Arrays.stream(values()).filter(role -> role.wire().equals(wire)).findFirst();
    }
}
