package io.chela.edge;

import java.util.List;
import java.util.Optional;

/// Says where to listen and within which limits.
///
/// @param hosts names or addresses; the first must bind, a later one that does not is a warning
/// @param port the one port of all hosts, 0 for any free one
/// @param web what browsers and TLS callers get to see
public record EdgeSettings(List<String> hosts, int port, EdgeLimits limits, Web web) {
    /// The loopback interface, IPv4 first.
    public static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    private static final int MAX_PORT = 65_535;

    /// What the listener says beside its answers.
    ///
    /// @param tls empty: plain HTTP
    /// @param strictTransportSecurity the value of that header; empty: no such header
    public record Web(Optional<TlsIdentity> tls, Cors cors, Optional<String> strictTransportSecurity) {
        /// Plain HTTP, for callers that are no browsers.
        public static final Web PLAIN = new Web(Optional.empty(), Cors.OFF, Optional.empty());
    }

    /// Plain HTTP, for callers that are no browsers.
    public EdgeSettings(List<String> hosts, int port, EdgeLimits limits) {
        this(hosts, port, limits, Web.PLAIN);
    }

    public EdgeSettings {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("name at least one host");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 0 to " + MAX_PORT);
        }
    }
}
