package io.chela.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// Where a request comes from.
///
/// @param peer the other end of the connection: the caller, or a proxy
/// @param address the caller's own address, as far as it can be believed
/// @param proxied whether a trusted proxy names the address
/// @param local whether the caller is on this machine, with no proxy between
public record Caller(InetAddress peer, InetAddress address, boolean proxied, boolean local) {
    private static final int NETWORK_BYTES_V6 = 8;

    /// The address as it is counted where there are limits for one: a customer has a whole IPv6 /64.
    public String counted() {
        return counted(address);
    }

    static String counted(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = address instanceof Inet6Address ? NETWORK_BYTES_V6 : bytes.length;
        return HexFormat.of().formatHex(bytes, 0, length);
    }
}
