package io.chela.gateway.ws;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Decides which web pages may open a WebSocket. Source: RFC 6454 for what an origin is.
final class Origins {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private Origins() {}

    /// @param origin the `Origin` header
    /// @param host the `Host` header, with its port
    /// @param callerIsLocal whether the connection comes from this machine
    static boolean allowed(String origin, String host, boolean callerIsLocal) {
        Optional<URI> page = parse(origin);
        if (page.isEmpty() || page.get().getHost() == null) {
            return false;
        }
        String pageHost = page.get().getHost();
        boolean pageIsLocal = LOOPBACK.contains(pageHost);
        boolean samePlace = host.equalsIgnoreCase(page.get().getRawAuthority());
        return callerIsLocal ? pageIsLocal : samePlace;
    }

    private static Optional<URI> parse(String origin) {
        try {
            return Optional.of(URI.create(origin));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
