package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads the data of server-sent events from bytes; comments and other fields are skipped.
///
/// Lines end with LF, CR LF or CR, wherever packets are cut. Source: WHATWG HTML, "Server-sent events",
/// parsing an
/// event stream.
final class SseReader {
    /// The largest line, and the largest data of one event, in bytes.
    static final int MAX_EVENT_BYTES = 1024 * 1024;

    private static final int BUFFER_BYTES = 8 * 1024;

    /// An event that is larger than [#MAX_EVENT_BYTES].
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("an event of more than " + MAX_EVENT_BYTES + " bytes");
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private boolean afterCr;

    SseReader(InputStream in) {
        this.in = in;
    }

    /// The next event's data, its lines joined by LF; empty at the end of the stream.
    ///
    /// An event that the end cuts off is given too: some servers leave out the last blank line.
    Optional<String> next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        while (true) {
            Optional<String> read = readLine();
            if (read.isEmpty() || (read.get().isEmpty() && any)) {
                return any ? Optional.of(data.toString()) : Optional.empty();
            }
            Optional<String> value = data(read.get());
            if (value.isPresent()) {
                if (any) {
                    data.append('\n');
                }
                data.append(value.get());
                any = true;
                if (data.length() > MAX_EVENT_BYTES) {
                    throw new TooLarge();
                }
            }
        }
    }

    private static Optional<String> data(String line) {
        if (!line.startsWith("data:")) {
            return line.equals("data") ? Optional.of("") : Optional.empty();
        }
        return Optional.of(line.startsWith("data: ") ? line.substring(6) : line.substring(5));
    }

    private Optional<String> readLine() throws IOException {
        line.reset();
        while (true) {
            if (position == limit && !fill()) {
                return line.size() > 0 ? Optional.of(line.toString(UTF_8)) : Optional.empty();
            }
            byte next = buffer[position++];
            if (next == '\n' && afterCr) {
                afterCr = false; // the second half of CR LF
            } else if (next == '\n' || next == '\r') {
                afterCr = next == '\r';
                return Optional.of(line.toString(UTF_8));
            } else {
                afterCr = false;
                append(next);
            }
        }
    }

    private void append(byte next) throws TooLarge {
        if (line.size() == MAX_EVENT_BYTES) {
            throw new TooLarge();
        }
        line.write(next);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
