package io.chela.edge;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which web pages of other origins may call the gateway. Source: Fetch, "CORS protocol".
///
/// What browsers call credentials (cookies, client certificates) is never allowed; a bearer token is none.
///
/// @param allowedOrigins each `scheme://host` or `scheme://host:port`, or `*` alone; none turns CORS off
public record Cors(List<String> allowedOrigins) {
    /// Answers no page of another origin.
    public static final Cors OFF = new Cors(List.of());

    private static final String ANY = "*";
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern DEFAULT_PORT = Pattern.compile("(http://.*):80|(https://.*):443");

    public Cors {
        allowedOrigins = allowedOrigins.stream().map(Cors::normal).toList();
        if (allowedOrigins.contains(ANY) && allowedOrigins.size() > 1) {
            throw new IllegalArgumentException("must not name origins beside *");
        }
        for (String origin : allowedOrigins) {
            if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "must hold origins such as https://chat.example.com, without a path, or * alone, not '" + origin
                                + "'");
            }
        }
    }

    /// As browsers write it: small letters, no default port.
    private static String normal(String origin) {
        String small = origin.strip().toLowerCase(Locale.ROOT);
        var port = DEFAULT_PORT.matcher(small);
        return port.matches() ? small.substring(0, small.lastIndexOf(':')) : small;
    }

    boolean isOn() {
        return !allowedOrigins.isEmpty();
    }

    /// What `Access-Control-Allow-Origin` says to a page of this origin; empty when it may not call.
    Optional<String> answerTo(String origin) {
        if (allowedOrigins.contains(ANY)) {
            return Optional.of(ANY);
        }
        return allowedOrigins.contains(origin) ? Optional.of(origin) : Optional.empty();
    }
}
