package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// Reads HTTP/1.1 messages, one after the other, from one socket. For one thread.
///
/// Just enough of it for the programs that talk here: a length or chunks, no trailers.
final class Wire {
    /// The largest head, and the most that is read at once.
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long firstBodyNanos;

    Wire(InputStream in) {
        this.in = in;
    }

    /// The head of the next message, in lower case; empty when the other side has closed.
    String head() throws IOException {
        while (true) {
            for (int i = from; i + 3 < to; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                    String head = new String(buffer, from, i + 2 - from, ISO_8859_1).toLowerCase(Locale.ROOT);
                    from = i + 4;
                    return head;
                }
            }
            if (!fill()) {
                if (from == to) {
                    return "";
                }
                throw new EOFException("closed inside a head");
            }
        }
    }

    /// The body that belongs to a head.
    byte[] body(String head) throws IOException {
        if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return chunks();
        }
        byte[] body = exactly(length(head));
        firstBodyNanos = System.nanoTime();
        return body;
    }

    /// When the first byte of the last body was there.
    long firstBodyNanos() {
        return firstBodyNanos;
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        return at < 0
                ? 0
                : Integer.parseInt(head.substring(head.indexOf(':', at) + 1, head.indexOf('\r', at + 2)).strip());
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        firstBodyNanos = 0;
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.writeBytes(exactly(size));
            if (firstBodyNanos == 0) {
                firstBodyNanos = System.nanoTime();
            }
            line();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        int at = from;
        while (true) {
            for (; at + 1 < to; at++) {
                if (buffer[at] == '\r' && buffer[at + 1] == '\n') {
                    String line = new String(buffer, from, at - from, ISO_8859_1);
                    from = at + 2;
                    return line;
                }
            }
            at -= from;
            more();
            at += from;
        }
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = new byte[size];
        int have = Math.min(size, to - from);
        System.arraycopy(buffer, from, bytes, 0, have);
        from += have;
        if (in.readNBytes(bytes, have, size - have) < size - have) {
            throw new EOFException("closed inside a body");
        }
        return bytes;
    }

    private void more() throws IOException {
        if (!fill()) {
            throw new EOFException("closed inside a body");
        }
    }

    /// Moves what is left to the front, so that `from` is 0 afterwards.
    private boolean fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        if (to == BUFFER) {
            throw new IOException("more than " + BUFFER + " bytes in one piece");
        }
        int read = in.read(buffer, to, BUFFER - to);
        to += Math.max(read, 0);
        return read >= 0;
    }
}
