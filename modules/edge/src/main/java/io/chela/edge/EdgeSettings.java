package io.chela.edge;

import java.util.List;

/// Says where to listen and within which limits.
///
/// @param hosts names or addresses; the first must bind, a later one that does not is a warning
/// @param port the one port of all hosts, 0 for any free one
public record EdgeSettings(List<String> hosts, int port, EdgeLimits limits) {
    /// The loopback interface, IPv4 first.
    public static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    private static final int MAX_PORT = 65_535;

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
