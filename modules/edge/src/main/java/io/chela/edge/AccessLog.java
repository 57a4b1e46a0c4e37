package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;

/// Writes one line per answer: `method=GET path=/v1/models status=200 ms=3 bytes=512 id=… peer=127.0.0.1
/// agent=main`.
///
/// Every value is one word of printable ASCII, so nothing a caller sends can forge a line or a field.
final class AccessLog {
    private static final System.Logger LOG = System.getLogger("io.chela.access");
    private static final int MAX_VALUE = 512;

    private AccessLog() {}

    /// @param status 0 when the caller left before there was an answer
    /// @param bytes of the answer, headers included
    record Entry(String method, String path, int status, long bytes, long nanos, String id, String peer) {}

    static void write(Entry entry, Map<String, String> notes) {
        if (!LOG.isLoggable(System.Logger.Level.INFO)) {
            return;
        }
        var line = new StringBuilder();
        add(line, "method", entry.method());
        add(line, "path", entry.path());
        add(line, "status", Integer.toString(entry.status()));
        add(line, "ms", Long.toString(Duration.ofNanos(entry.nanos()).toMillis()));
        add(line, "bytes", Long.toString(entry.bytes()));
        add(line, "id", entry.id());
        add(line, "peer", entry.peer());
        notes.forEach((name, value) -> add(line, name, value));
        LOG.log(System.Logger.Level.INFO, line.toString());
    }

    private static void add(StringBuilder line, String name, String value) {
        line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(word(value));
    }

    /// Percent-encodes what is not printable ASCII; cuts what is long.
    static String word(String value) {
        String cut = value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value;
        var word = new StringBuilder();
        for (byte b : cut.getBytes(UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '"') {
                word.append((char) b);
            } else {
                word.append(String.format("%%%02X", b));
            }
        }
        return word.isEmpty() ? "-" : word.toString();
    }
}
