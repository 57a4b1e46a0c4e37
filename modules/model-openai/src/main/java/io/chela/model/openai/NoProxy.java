package io.chela.model.openai;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The servers that are reached without a proxy, as `NO_PROXY` lists them.
///
/// Its entries, between commas or blanks: `*` for all, a name for itself and all below it (`example.org`,
/// `.example.org` and `*.example.org` are the same), an address, a range such as `10.0.0.0/8`; and
/// `:port` behind a name or an address for that port alone. A name is never looked up to compare it with an
/// address.
record NoProxy(List<Entry> entries) {
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+]|[^:]+):(\\d{1,5})");

    NoProxy {
        entries = List.copyOf(entries);
    }

    /// One part of the list.
    sealed interface Entry {
        boolean covers(String host, int port);
    }

    record Everything() implements Entry {
        @Override
        public boolean covers(String host, int port) {
            return true;
        }
    }

    /// @param port 0 for all
    record Name(String name, int port) implements Entry {
        @Override
        public boolean covers(String host, int port) {
            return (this.port == 0 || this.port == port) && (host.equals(name) || host.endsWith("." + name));
        }
    }

    /// @param bits how many of the address's first bits count
    /// @param port 0 for all
    record Range(InetAddress address, int bits, int port) implements Entry {
        @Override
        public boolean covers(String host, int port) {
            return (this.port == 0 || this.port == port)
                    && literal(host).filter(this::contains).isPresent();
        }

        private boolean contains(InetAddress other) {
            byte[] ours = address.getAddress();
            byte[] theirs = other.getAddress();
            boolean same = ours.length == theirs.length;
            for (int bit = 0; same && bit < bits; bit++) {
                int shift = Byte.SIZE - 1 - bit % Byte.SIZE;
                same = (ours[bit / Byte.SIZE] >> shift & 1) == (theirs[bit / Byte.SIZE] >> shift & 1);
            }
            return same;
        }
    }

    static NoProxy parse(String list) {
        return new NoProxy(Arrays.stream(list.split("[,\\s]+"))
                .filter(text -> !text.isEmpty())
                .map(text -> entry(text.toLowerCase(Locale.ROOT)))
                .toList());
    }

    private static Entry entry(String text) {
        if (text.equals("*")) {
            return new Everything();
        }
        Matcher parts = WITH_PORT.matcher(text);
        boolean hasPort = parts.matches();
        String host = withoutDots(Route.withoutBrackets(hasPort ? parts.group(1) : text));
        int port = hasPort ? Integer.parseInt(parts.group(2)) : 0;
        return literal(host)
                .<Entry>map(address -> new Range(address, address.getAddress().length * Byte.SIZE, port))
                .or(() -> range(host, port))
                .orElseGet(() -> new Name(host, port));
    }

    private static Optional<Entry> range(String text, int port) {
        String[] parts = text.split("/", 2);
        return parts.length == 2 && parts[1].matches("\\d{1,3}")
                ? literal(parts[0])
                        .filter(address -> Integer.parseInt(parts[1]) <= address.getAddress().length * Byte.SIZE)
                        .map(address -> new Range(address, Integer.parseInt(parts[1]), port))
                : Optional.empty();
    }

    private static String withoutDots(String name) {
        return name.replaceFirst("^\\*?\\.", "").replaceFirst("\\.$", "");
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// @param host a name, or an address without brackets
    boolean covers(String host, int port) {
        String plain = withoutDots(host.toLowerCase(Locale.ROOT));
        return entries.stream().anyMatch(entry -> entry.covers(plain, port));
    }
}
