package io.chela.auth;

import java.util.Optional;
import java.util.regex.Pattern;

/// Reads an `Authorization: Bearer <secret>` header value. Source: RFC 6750, 2.1; the scheme's case does not
/// matter (RFC 9110, 11.1). A password may have spaces inside.
final class Bearer {
    private static final Pattern FORM = Pattern.compile("(?i)bearer +(\\S(?:.*\\S)?) *");

    private Bearer() {}

    static Optional<String> secret(String header) {
        var match = FORM.matcher(header);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }
}
