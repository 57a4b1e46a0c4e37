package io.chela.edge;

import io.chela.api.Problem;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Decides whether a request may become a WebSocket. Helidon 4.5.0 looks at the first of several headers
/// alone, and does not ask for all of them. Source: RFC 6455, 4.2.1 and 4.2.2.
final class WsHandshake {
    private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
    private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");

    private static final Header UPGRADE = HeaderValues.create(HeaderNames.CONNECTION, "Upgrade");

    /// What a refusal of another version says.
    static final Header SPOKEN_VERSION = HeaderValues.create(VERSION, "13");

    private static final int UPGRADE_REQUIRED = 426;
    private static final int KEY_BYTES = 16;
    private static final String SOME_KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

    private WsHandshake() {}

    /// What is wrong with the handshake.
    static Optional<Problem> problem(Headers headers) {
        if (!headers.containsToken(UPGRADE)) {
            return refused("Connection", "The header `Connection` must name Upgrade.");
        }
        if (key(headers).isEmpty()) {
            return refused("Sec-WebSocket-Key", "There must be one `Sec-WebSocket-Key`, of 16 bytes in Base64.");
        }
        return all(headers, VERSION).equals(List.of("13"))
                ? Optional.empty()
                : Optional.of(new Problem.Refused(
                        UPGRADE_REQUIRED, "There must be one `Sec-WebSocket-Version`, and it must be 13."));
    }

    /// The headers as Helidon takes them: it refuses some before any filter ran, and Origin by a rule of its
    /// own.
    static WritableHeaders<?> acceptable(Headers headers) {
        return WritableHeaders.create(headers)
                .remove(HeaderNames.ORIGIN)
                .set(SPOKEN_VERSION)
                .set(HeaderValues.create(KEY, key(headers).orElse(SOME_KEY)));
    }

    private static Optional<String> key(Headers headers) {
        List<String> keys = all(headers, KEY);
        return keys.size() == 1 && isKey(keys.getFirst()) ? Optional.of(keys.getFirst()) : Optional.empty();
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static List<String> all(Headers headers, HeaderName name) {
        return headers.all(name, List::of);
    }

    private static Optional<Problem> refused(String param, String message) {
        return Optional.of(new Problem.Malformed(param, message));
    }
}
