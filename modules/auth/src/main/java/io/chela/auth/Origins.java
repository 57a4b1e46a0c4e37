package io.chela.auth;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides which web pages may talk to the gateway where a browser's own word is all there is: to open a
/// WebSocket, and over HTTP when no secret is asked for. Source: RFC 6454 for what an origin is.
public final class Origins {
    /// Only pages of this machine, or of the gateway's own host.
    public static final Origins OWN = new Origins(Set.of());

    private static final String ANY = "*";
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowed;

    /// Pages of these origins too.
    ///
    /// @param allowed origins such as `https://ui.example`, or `*`: `gateway.controlUi.allowedOrigins`
    public Origins(Set<String> allowed) {
        this.allowed = allowed.stream().map(Origins::plain).collect(Collectors.toUnmodifiableSet());
    }

    private static String plain(String origin) {
        return origin.strip().toLowerCase(Locale.ROOT).replaceFirst("/$", "");
    }

    /// Decides about one page. For a caller on this machine the `Host` header is no proof: a name of the
    /// page's own can point here.
    ///
    /// @param origin the `Origin` header
    /// @param host the `Host` header, with its port
    /// @param callerIsLocal whether the connection comes from this machine, be it a proxy's
    public boolean allow(String origin, String host, boolean callerIsLocal) {
        if (allowed.contains(ANY) || allowed.contains(plain(origin))) {
            return true;
        }
        Optional<URI> page = parse(origin);
        if (page.isEmpty()
                || page.get().getHost() == null
                || !SCHEMES.contains(page.get().getScheme())) {
            return false;
        }
        boolean samePlace = host.equalsIgnoreCase(page.get().getRawAuthority());
        return callerIsLocal ? LOOPBACK.contains(page.get().getHost()) : samePlace;
    }

    /// Tells whether a `Host` header names this machine, or the host of an allowed origin.
    public boolean allowHost(String host) {
        Optional<String> name = parse("http://" + host).map(URI::getHost);
        return name.filter(LOOPBACK::contains).isPresent()
                || allowed.contains(ANY)
                || (name.isPresent()
                        && allowed.stream()
                                .anyMatch(origin ->
                                        parse(origin).map(URI::getHost).equals(name)));
    }

    private static Optional<URI> parse(String origin) {
        try {
            return Optional.of(URI.create(origin));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
