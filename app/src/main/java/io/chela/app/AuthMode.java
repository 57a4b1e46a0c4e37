package io.chela.app;

import java.util.Arrays;
import java.util.Optional;

/// How callers prove who they are: `gateway.auth.mode`.
enum AuthMode {
    TOKEN("token"),
    PASSWORD("password"),
    NONE("none"),
    TRUSTED_PROXY("trusted-proxy");

    private final String word;

    AuthMode(String word) {
        this.word = word;
    }

    /// The name in the configuration.
    String word() {
        return word;
    }

    static Optional<AuthMode> parse(String text) {
        return Arrays.stream(values()).filter(mode -> mode.word.equals(text)).findFirst();
    }
}
