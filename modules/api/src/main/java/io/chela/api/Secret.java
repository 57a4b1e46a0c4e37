package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/// A secret that prints as `***` and compares in constant time.
public final class Secret {
    private final String value;

    public Secret(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a secret is not blank");
        }
        this.value = value;
    }

    /// Hands out the plain text, for the one place that sends it.
    public String reveal() {
        return value;
    }

    /// Compares in a time that depends on the candidate's length alone.
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(value.getBytes(UTF_8), candidate.getBytes(UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
