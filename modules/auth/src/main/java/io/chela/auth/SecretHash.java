package io.chela.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The SHA-256 of a secret's UTF-8 bytes, so that a secret need not be kept to be compared.
///
/// @param hex 64 digits in lower case
public record SecretHash(String hex) {
    private static final Pattern FORM = Pattern.compile("sha256:([0-9a-fA-F]{64})");

    public static SecretHash of(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
            return new SecretHash(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /// Reads `sha256:` and 64 hexadecimal digits; empty for anything else.
    public static Optional<SecretHash> parse(String text) {
        return Optional.of(FORM.matcher(text))
                .filter(java.util.regex.Matcher::matches)
                .map(form -> new SecretHash(form.group(1).toLowerCase(Locale.ROOT)));
    }

    /// Compares in constant time.
    boolean matches(SecretHash other) {
        return MessageDigest.isEqual(hex.getBytes(UTF_8), other.hex.getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return "***"; // of a short secret it could be guessed
    }
}
