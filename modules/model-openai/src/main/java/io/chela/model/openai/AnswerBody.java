package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.ClientResponseHeaders;
import io.helidon.http.HeaderNames;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The body of an answer, read as it comes. For one thread.
///
/// The client's own reader gathers each chunk whole, and a chunk may say that it has a gigabyte.
/// Source: RFC 9112, 6.3 and 7.1.
final class AnswerBody extends InputStream {
    /// The longest line with a chunk's size, in bytes.
    static final int MAX_SIZE_LINE = 1_024;

    /// The most that may follow the last chunk, in bytes.
    static final int MAX_TRAILERS = 8 * 1024;

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})[ \\t]*(?:;.*)?");
    private static final int CRLF = 2;

    /// The end of a chunk, and the last chunk without trailers.
    private static final byte[] LAST = "\r\n0\r\n\r\n".getBytes(US_ASCII);

    private enum Framing {
        LENGTH,
        CHUNKS,
        UNTIL_CLOSE
    }

    private final DataReader reader;
    private final Framing framing;
    /// How much is left of the body, or of the chunk under way.
    private long left;

    private boolean inChunk;
    private boolean whole;

    private AnswerBody(DataReader reader, Framing framing, long left) {
        this.reader = reader;
        this.framing = framing;
        this.left = left;
    }

    static AnswerBody none(DataReader reader) {
        return new AnswerBody(reader, Framing.LENGTH, 0);
    }

    /// The body that these headers announce.
    ///
    /// @throws ProtocolException when they contradict each other
    static AnswerBody of(ClientResponseHeaders headers, DataReader reader) throws ProtocolException {
        List<String> lengths = headers.contains(HeaderNames.CONTENT_LENGTH)
                ? headers.get(HeaderNames.CONTENT_LENGTH).allValues(true)
                : List.of();
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            String encoding = headers.get(HeaderNames.TRANSFER_ENCODING).values();
            require(lengths.isEmpty() && encoding.strip().equalsIgnoreCase("chunked"));
            return new AnswerBody(reader, Framing.CHUNKS, 0);
        }
        if (lengths.isEmpty()) {
            return new AnswerBody(reader, Framing.UNTIL_CLOSE, Long.MAX_VALUE);
        }
        String length = lengths.getFirst();
        require(LENGTH.matcher(length).matches() && lengths.stream().allMatch(length::equals));
        return new AnswerBody(reader, Framing.LENGTH, Long.parseLong(length));
    }

    /// Tells whether it was read to its end, nothing follows it, and the connection can serve another call.
    boolean isWhole() {
        return whole && framing != Framing.UNTIL_CLOSE && reader.available() == 0;
    }

    /// Tells whether nothing is left of it but what has come already and says that it is over.
    boolean isEndHere() {
        return left == 0
                && switch (framing) {
                    case LENGTH -> true;
                    case CHUNKS -> whole || (inChunk && reader.available() >= LAST.length && reader.startsWith(LAST));
                    case UNTIL_CLOSE -> false;
                };
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            return isAtEnd() ? -1 : copy(into, offset, length);
        } catch (InsufficientDataAvailableException _) {
            if (framing == Framing.UNTIL_CLOSE) {
                whole = true;
                return -1;
            }
            throw new EOFException("the answer is not whole");
        } catch (DataReader.IncorrectNewLineException _) {
            throw misframed();
        }
    }

    private int copy(byte[] into, int offset, int length) {
        reader.ensureAvailable();
        int most = (int) Math.min(Math.min(length, reader.available()), left);
        int read = reader.readBuffer(most).read(into, offset, most);
        left -= read;
        return read;
    }

    private boolean isAtEnd() throws ProtocolException {
        if (left == 0 && !whole) {
            if (framing == Framing.CHUNKS) {
                nextChunk();
            } else {
                whole = true;
            }
        }
        return whole;
    }

    private void nextChunk() throws ProtocolException {
        if (inChunk) {
            require(reader.read() == '\r' && reader.read() == '\n');
        }
        Matcher size = CHUNK_SIZE.matcher(line(MAX_SIZE_LINE));
        require(size.matches());
        left = Long.parseLong(size.group(1), 16);
        inChunk = left > 0;
        if (!inChunk) {
            skipTrailers();
            whole = true;
        }
    }

    private void skipTrailers() throws ProtocolException {
        int most = MAX_TRAILERS;
        for (String line = line(most); !line.isEmpty(); line = line(most)) {
            most -= line.length() + CRLF;
        }
    }

    private String line(int most) throws ProtocolException {
        int end = reader.findNewLine(Math.max(0, most));
        require(end < most);
        String line = end == 0 ? "" : reader.readAsciiString(end);
        reader.skip(CRLF);
        return line;
    }

    private static void require(boolean sound) throws ProtocolException {
        if (!sound) {
            throw misframed();
        }
    }

    private static ProtocolException misframed() {
        return new ProtocolException("the answer breaks the rules of HTTP");
    }
}
