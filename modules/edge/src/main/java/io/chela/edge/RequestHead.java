package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.chela.api.Problem;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The head of one request while it comes in: the request line, the header lines and the empty line.
///
/// It is checked byte by byte and line by line, so that the first byte that makes it wrong decides, whatever
/// pieces it comes in. Sources: RFC 9112, 2.2, 3 and 5; RFC 6585, 5.
final class RequestHead {
    /// Left over by callers that end a body with a CRLF too many.
    private static final int MAX_EMPTY_LINES = 4;

    private static final int FIRST_BYTES = 1024;
    private static final int SHOWN_BYTES = 512;

    private final EdgeLimits limits;
    private final HeadFields fields = new HeadFields();
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int lineStart;
    private int fieldsStart;
    private int emptyLines;
    private boolean complete;
    private @Nullable RequestLine line;

    RequestHead(EdgeLimits limits) {
        this.limits = limits;
    }

    /// Takes what belongs to the head.
    ///
    /// @return where in the piece it ended, the piece's length when it goes on
    int take(byte[] piece, int from) {
        int at = from;
        while (at < piece.length && !complete) {
            int end = isAfterCr() ? at : endOfText(piece, at);
            keep(piece, at, end);
            at = end;
            if (at < piece.length) {
                endText(piece[at++]);
            }
        }
        return at;
    }

    private boolean isAfterCr() {
        return length > lineStart && bytes[length - 1] == HttpSyntax.CR;
    }

    private static int endOfText(byte[] piece, int from) {
        int at = from;
        while (at < piece.length && HttpSyntax.isText(piece[at])) {
            at++;
        }
        return at;
    }

    private void keep(byte[] piece, int from, int to) {
        int more = to - from;
        if (length + more >= bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + more));
        }
        System.arraycopy(piece, from, bytes, length, more);
        length += more;
        if (line == null && length > limits.requestLineBytes()) {
            throw HttpSyntax.refused(414, "The request line is longer than " + limits.requestLineBytes() + " bytes.");
        }
        if (line != null && length - fieldsStart > limits.headerBytes()) {
            throw HttpSyntax.refused(431, "The headers are larger than " + limits.headerBytes() + " bytes.");
        }
    }

    /// Takes a byte that is no text, or that stands behind a CR.
    private void endText(byte b) {
        boolean afterCr = isAfterCr();
        bytes[length++] = b;
        if (afterCr && b == HttpSyntax.LF) {
            endLine(length - 2);
        } else if (afterCr || b == HttpSyntax.LF) {
            throw HttpSyntax.broken("The lines of a request's head end with CR and LF.");
        } else if (b != HttpSyntax.CR) {
            throw HttpSyntax.broken("There is a control character in the head of the request.");
        }
    }

    private void endLine(int end) {
        if (line == null && end == 0) {
            skipEmptyLine();
        } else if (line == null) {
            line = RequestLine.of(bytes, end);
            fieldsStart = length;
        } else if (end == lineStart) {
            fields.check(limits.bodyBytes());
            complete = true;
        } else {
            fields.add(bytes, lineStart, end);
        }
        lineStart = length;
    }

    private void skipEmptyLine() {
        if (++emptyLines > MAX_EMPTY_LINES) {
            throw HttpSyntax.broken("There are empty lines and no request line.");
        }
        length = 0;
    }

    boolean isComplete() {
        return complete;
    }

    boolean isChunked() {
        return fields.isChunked();
    }

    /// How long the body is; 0 when there is none, or when it is chunked.
    long bodyBytes() {
        return fields.bodyBytes();
    }

    /// The head as a server is asked: a target in absolute form is taken apart into path and `Host`.
    byte[] toBytes() {
        if (line == null || line.authority().isEmpty()) {
            return Arrays.copyOf(bytes, length);
        }
        var head = new ByteArrayOutputStream(length);
        head.writeBytes(ascii(line.method() + " " + line.target() + " HTTP/1.1\r\n"));
        head.write(bytes, fieldsStart, fields.hostStart() - fieldsStart);
        head.writeBytes(ascii("Host: " + line.authority().get() + "\r\n"));
        head.write(bytes, fields.hostEnd(), length - fields.hostEnd());
        return head.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /// What may be told of this request, that is refused, to the log.
    RefusedRequest refused(Problem problem) {
        return RefusedRequest.of(problem, new String(bytes, 0, Math.min(length, SHOWN_BYTES), ISO_8859_1));
    }
}
