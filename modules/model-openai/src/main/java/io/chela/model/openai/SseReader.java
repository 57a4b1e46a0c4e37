package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/// Reads server-sent events from bytes; comments and other fields than `event` and `data` are skipped.
///
/// Lines end with LF, CR LF or CR, wherever packets are cut. Source: WHATWG HTML, "Server-sent events",
/// parsing an event stream.
final class SseReader {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /// An event that is larger than it may be.
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(int maxBytes) {
            super("an event of more than " + maxBytes + " bytes");
        }
    }

    /// A line that takes longer than it may.
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlow() {
            super("a line too slowly");
        }
    }

    private final InputStream in;
    private final int maxBytes;
    private final Duration perLine;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    /// What came before the buffer of the line under way, and since when.
    private ByteArrayOutputStream carried = new ByteArrayOutputStream(0);

    private long carriedSince;

    private int position;
    private int limit;
    private boolean afterCr;
    private boolean atStart = true;

    /// @param maxBytes the largest line, and the largest data of one event
    /// @param perLine how long a line may take once it has begun
    SseReader(InputStream in, int maxBytes, Duration perLine) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.perLine = perLine;
    }

    /// The next event that has data; empty at the end of the stream.
    ///
    /// An event that the end cuts off is given too: some servers leave out the last blank line.
    Optional<SseEvent> next() throws IOException {
        String name = "";
        StringBuilder data = new StringBuilder();
        boolean any = false;
        while (true) {
            Optional<String> read = readLine();
            String line = read.orElse("");
            if (line.isEmpty()) {
                if (any || read.isEmpty()) {
                    return any ? Optional.of(new SseEvent(name, data.toString())) : Optional.empty();
                }
                name = ""; // an event without data is none
            } else if (isField(line, "data")) {
                data.append(any ? "\n" : "").append(value(line, "data"));
                any = true;
                check(data.length());
            } else if (isField(line, "event")) {
                name = value(line, "event");
            }
        }
    }

    private static boolean isField(String line, String field) {
        return line.startsWith(field) && (line.length() == field.length() || line.charAt(field.length()) == ':');
    }

    private static String value(String line, String field) {
        int start = Math.min(line.length(), field.length() + 1);
        return line.substring(line.startsWith(" ", start) ? start + 1 : start);
    }

    private Optional<String> readLine() throws IOException {
        if (carried.size() > BUFFER_BYTES) {
            carried = new ByteArrayOutputStream(0); // does not keep the room of a long line for the whole stream
        }
        carried.reset();
        while (position < limit || fill()) {
            if (afterCr && buffer[position] == '\n') {
                position++; // the second half of CR LF
                afterCr = false;
                continue;
            }
            afterCr = false;
            int end = endOfLine();
            check(carried.size() + end - position);
            if (end < limit) {
                afterCr = buffer[end] == '\r';
                String line = text(end);
                position = end + 1;
                return Optional.of(line);
            }
            carry(end);
            if (System.nanoTime() - carriedSince > perLine.toNanos()) {
                throw new TooSlow();
            }
        }
        return carried.size() > 0 ? Optional.of(text(position)) : Optional.empty();
    }

    /// Where the line ends within the buffer, or the buffer's limit.
    private int endOfLine() {
        int at = position;
        while (at < limit && buffer[at] != '\n' && buffer[at] != '\r') {
            at++;
        }
        return at;
    }

    private void carry(int end) {
        if (carried.size() == 0) {
            carriedSince = System.nanoTime();
        }
        carried.write(buffer, position, end - position);
        position = end;
    }

    /// The line under way, which ends before `end`.
    private String text(int end) {
        String line;
        if (carried.size() == 0) {
            line = new String(buffer, position, end - position, UTF_8);
        } else {
            carry(end);
            line = carried.toString(UTF_8);
        }
        boolean marked = atStart && line.startsWith(BYTE_ORDER_MARK);
        atStart = false;
        return marked ? line.substring(1) : line;
    }

    private void check(int size) throws TooLarge {
        if (size > maxBytes) {
            throw new TooLarge(maxBytes);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
