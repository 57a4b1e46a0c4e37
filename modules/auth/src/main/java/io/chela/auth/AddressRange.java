package io.chela.auth;

import java.net.InetAddress;
import java.util.Optional;

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or one address. Source: RFC 4632, 3.1; RFC 4291, 2.3.
record AddressRange(InetAddress network, int prefix) {
    private static final int BYTE = 8;
    private static final int DOTS = 3;

    /// Reads an address or a range; empty for a host name, a prefix out of range, or one that is everything.
    static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        return literal(slash < 0 ? text : text.substring(0, slash)).flatMap(address -> {
            int most = address.getAddress().length * BYTE;
            int prefix = slash < 0 ? most : number(text.substring(slash + 1));
            return prefix < 1 || prefix > most ? Optional.empty() : Optional.of(new AddressRange(address, prefix));
        });
    }

    /// Reads an address as digits, with or without brackets; never asks the DNS. `10.1` is none.
    static Optional<InetAddress> literal(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != DOTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text.strip()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static int number(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % BYTE);
            if ((ours[bit / BYTE] & mask) != (theirs[bit / BYTE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
