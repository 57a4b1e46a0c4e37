package io.chela.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.chela.api.Problem;
import io.chela.api.ProblemException;

/// The chunks of one body while they come in, given on without extensions and trailers, which nobody here
/// understands.
///
/// Helidon's reader takes any two bytes for the end of a chunk and no extension at all. Source: RFC 9112, 7.1.
final class Chunks {
    private enum Next {
        SIZE,
        BEFORE_EXTENSION,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_OR_END,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        NOTHING
    }

    /// Most that extensions and trailers of one body may have together.
    static final int MAX_EXTRA_BYTES = 16 * 1024;

    private static final int MAX_SIZE_DIGITS = 15; // fits into a long
    private static final int HEX = 16;
    private static final byte[] END = "0\r\n\r\n".getBytes(US_ASCII);

    private final long maxBytes;
    private Next next = Next.SIZE;
    private int digits;
    private long size;
    private long left;
    private long total;
    private int extra;

    Chunks(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Tells whether the last chunk and its trailers were taken.
    boolean isComplete() {
        return next == Next.NOTHING;
    }

    /// Takes what is between the data.
    ///
    /// @return where in the piece data begins or the body ended, the piece's length when neither
    int takeFraming(byte[] piece, int from) {
        int at = from;
        while (at < piece.length && next != Next.DATA && next != Next.NOTHING) {
            next = after(piece[at++]);
        }
        return at;
    }

    /// How much of the piece is data.
    int dataBytes(byte[] piece, int from) {
        return next == Next.DATA ? (int) Math.min(left, piece.length - from) : 0;
    }

    /// Takes data, and gives it on as a chunk.
    byte[] takeData(byte[] piece, int from, int length) {
        left -= length;
        if (left == 0) {
            next = Next.DATA_CR;
        }
        byte[] before = (Integer.toHexString(length) + "\r\n").getBytes(US_ASCII);
        byte[] chunk = new byte[before.length + length + 2];
        System.arraycopy(before, 0, chunk, 0, before.length);
        System.arraycopy(piece, from, chunk, before.length, length);
        chunk[chunk.length - 2] = HttpSyntax.CR;
        chunk[chunk.length - 1] = HttpSyntax.LF;
        return chunk;
    }

    /// The end of the body, given on.
    byte[] end() {
        return END.clone();
    }

    private Next after(byte b) {
        return switch (next) {
            case SIZE -> afterSize(b);
            case BEFORE_EXTENSION -> {
                countExtra();
                yield b == ';' ? Next.EXTENSION : expect(b == ' ' || b == '\t', Next.BEFORE_EXTENSION);
            }
            case EXTENSION -> text(b, Next.EXTENSION, Next.SIZE_LF);
            case SIZE_LF -> afterSizeLine(b);
            case DATA_CR -> expect(b == HttpSyntax.CR, Next.DATA_LF);
            case DATA_LF -> {
                digits = 0;
                size = 0;
                yield expect(b == HttpSyntax.LF, Next.SIZE);
            }
            case TRAILER_OR_END -> b == HttpSyntax.CR ? Next.END_LF : expect(HttpSyntax.isToken(b), Next.TRAILER_NAME);
            case TRAILER_NAME -> {
                countExtra();
                yield b == ':' ? Next.TRAILER_VALUE : expect(HttpSyntax.isToken(b), Next.TRAILER_NAME);
            }
            case TRAILER_VALUE -> text(b, Next.TRAILER_VALUE, Next.TRAILER_LF);
            case TRAILER_LF -> expect(b == HttpSyntax.LF, Next.TRAILER_OR_END);
            case END_LF -> expect(b == HttpSyntax.LF, Next.NOTHING);
            case DATA, NOTHING -> throw new IllegalStateException("not between chunks");
        };
    }

    private Next afterSize(byte b) {
        int digit = Character.digit(b, HEX);
        if (digit >= 0) {
            size = size * HEX + digit;
            return expect(++digits <= MAX_SIZE_DIGITS, Next.SIZE);
        }
        expect(digits > 0, Next.SIZE);
        return switch (b) {
            case HttpSyntax.CR -> Next.SIZE_LF;
            case ';' -> Next.EXTENSION;
            default -> expect(b == ' ' || b == '\t', Next.BEFORE_EXTENSION);
        };
    }

    private Next afterSizeLine(byte b) {
        expect(b == HttpSyntax.LF, Next.DATA);
        if (size == 0) {
            return Next.TRAILER_OR_END;
        }
        left = size;
        total += size;
        if (total > maxBytes) {
            throw new ProblemException(new Problem.PayloadTooLarge(maxBytes));
        }
        return Next.DATA;
    }

    private Next text(byte b, Next more, Next end) {
        countExtra();
        return b == HttpSyntax.CR ? end : expect(HttpSyntax.isText(b), more);
    }

    private void countExtra() {
        if (++extra > MAX_EXTRA_BYTES) {
            throw HttpSyntax.refused(
                    413,
                    "The chunk extensions and trailers of the body are larger than " + MAX_EXTRA_BYTES + " bytes.");
        }
    }

    private static Next expect(boolean right, Next next) {
        if (!right) {
            throw HttpSyntax.broken("The chunks of the request body are not valid.");
        }
        return next;
    }
}
