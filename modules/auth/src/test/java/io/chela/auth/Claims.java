package io.chela.auth;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Claims for tests: who calls, and with which headers.
final class Claims {
    static final String HERE = "127.0.0.1";

    private Claims() {}

    static Claim bearer(String secret) {
        return from(HERE, "authorization", "Bearer " + secret);
    }

    /// @param headers names and values in turn
    static Claim from(String address, String... headers) {
        return through(TrustedProxies.NONE, address, headers);
    }

    static Claim through(TrustedProxies proxies, String peer, String... headers) {
        Map<String, List<String>> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        return new Claim(proxies.caller(InetAddress.ofLiteral(peer), all), all, Departure.UNSEEN);
    }
}
