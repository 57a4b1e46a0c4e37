package io.chela.auth;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The proxies whose word about a caller's address counts: `gateway.trustedProxies`.
///
/// From anybody else forwarding headers are ignored, but their sender does not count as local: something that
/// forwards stands between.
public final class TrustedProxies {
    /// Trusts nobody.
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), false);

    private static final String FORWARDED_FOR = "x-forwarded-for";
    private static final String REAL_IP = "x-real-ip";
    private static final Set<String> FORWARDING = Set.of("forwarded", REAL_IP);
    private static final List<String> FORWARDING_PREFIXES = List.of("x-forwarded-", "tailscale-");

    private final List<AddressRange> ranges;
    private final boolean realIp;

    private TrustedProxies(List<AddressRange> ranges, boolean realIp) {
        this.ranges = List.copyOf(ranges);
        this.realIp = realIp;
    }

    /// Trusts these.
    ///
    /// @param ranges those that are an address or a range; see [#isRange]
    /// @param realIp whether `X-Real-IP` counts where `X-Forwarded-For` is missing
    public static TrustedProxies of(List<String> ranges, boolean realIp) {
        return new TrustedProxies(
                ranges.stream()
                        .flatMap(text -> AddressRange.parse(text).stream())
                        .toList(),
                realIp);
    }

    /// Tells whether this is an address (`10.0.0.7`, `fd00::7`) or a range (`10.0.0.0/8`) that is not
    /// everything.
    public static boolean isRange(String text) {
        return AddressRange.parse(text).isPresent();
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /// Finds out who calls.
    ///
    /// @param headers by their names in lower case
    public Caller caller(InetAddress peer, Map<String, List<String>> headers) {
        boolean forwarded = headers.keySet().stream().anyMatch(TrustedProxies::isForwarding);
        if (!forwarded || !trusts(peer)) {
            return new Caller(peer, peer, false, peer.isLoopbackAddress() && !forwarded);
        }
        return named(headers)
                .map(address -> new Caller(peer, address, true, false))
                .orElseGet(() -> new Caller(peer, peer, false, false));
    }

    private static boolean isForwarding(String header) {
        return FORWARDING.contains(header) || FORWARDING_PREFIXES.stream().anyMatch(header::startsWith);
    }

    private boolean trusts(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private Optional<InetAddress> named(Map<String, List<String>> headers) {
        List<String> hops = new ArrayList<>();
        headers.getOrDefault(FORWARDED_FOR, List.of()).forEach(line -> hops.addAll(List.of(line.split(","))));
        return hops.isEmpty() && realIp ? realIp(headers.getOrDefault(REAL_IP, List.of())) : untrusted(hops);
    }

    /// Of two lines one would be the caller's own, beside the proxy's.
    private static Optional<InetAddress> realIp(List<String> lines) {
        return lines.size() == 1 ? address(lines.getFirst()) : Optional.empty();
    }

    /// The rightmost hop that is no proxy of ours; what stands left of it anybody may have written.
    private Optional<InetAddress> untrusted(List<String> hops) {
        Optional<InetAddress> last = Optional.empty();
        for (String hop : hops.reversed()) {
            Optional<InetAddress> address = address(hop);
            if (address.isEmpty()) {
                return last;
            }
            last = address;
            if (!trusts(address.get())) {
                return last;
            }
        }
        return last;
    }

    /// An address that some proxies write with its port: `203.0.113.7:4711`, `[2001:db8::7]:4711`.
    private static Optional<InetAddress> address(String hop) {
        String text = hop.strip();
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        boolean one = text.startsWith("[") || text.indexOf(':') == text.lastIndexOf(':');
        return AddressRange.literal(end > 0 && one ? text.substring(0, end) : text);
    }
}
