package io.chela.edge;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A request body that came as gzip, inflated as it is read and at most as large as a body may be.
///
/// Several members are one body, and nothing else may follow them. The JDK's own stream takes what follows
/// for a member or not by how the bytes came in pieces. Source: RFC 1952, 2.
final class GunzipBody extends InputStream {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int MAGIC = 0x1f8b;
    private static final int DEFLATE = 8;
    private static final int TIME_AND_SYSTEM_BYTES = 6;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final long maxBytes;
    private final LongConsumer inflated;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private int members;
    private boolean inMember;
    private boolean over;
    private long total;

    /// @param inflated is told how large the body has become
    GunzipBody(InputStream in, long maxBytes, LongConsumer inflated) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.inflated = inflated;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? count : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!over) {
            if (!inMember && !beginMember()) {
                end();
                return -1;
            }
            int count = inflate(bytes, offset, length);
            if (count > 0) {
                count(count);
                return count;
            }
        }
        return -1;
    }

    private void count(int bytes) {
        total += bytes;
        if (total > maxBytes) {
            end();
            throw new ProblemException(new Problem.PayloadTooLarge(maxBytes));
        }
        inflated.accept(total);
    }

    /// Inflates some of the member; 0 when there is no more of it.
    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = 0;
            while (count == 0 && !inflater.finished()) {
                feed();
                count = inflater.inflate(bytes, offset, length);
            }
            crc.update(bytes, offset, count);
            if (count == 0) {
                endMember();
            }
            return count;
        } catch (DataFormatException _) {
            throw broken();
        }
    }

    private void feed() throws IOException {
        if (inflater.needsDictionary()) {
            throw broken();
        }
        if (inflater.needsInput()) {
            if (at == end && !fill()) {
                throw broken();
            }
            inflater.setInput(buffer, at, end - at);
            at = end;
        }
    }

    /// Reads the next member's header; false when there is none.
    private boolean beginMember() throws IOException {
        if (members > 0 && at == end && !fill()) {
            return false;
        }
        check((next() << 8 | next()) == MAGIC && next() == DEFLATE);
        int flags = next();
        check((flags & RESERVED) == 0);
        skip(TIME_AND_SYSTEM_BYTES);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        members++;
        inMember = true;
        return true;
    }

    private void endMember() throws IOException {
        at = end - inflater.getRemaining();
        check(number() == crc.getValue() && number() == (inflater.getBytesWritten() & 0xffff_ffffL));
        inMember = false;
    }

    private long number() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        while (next() != 0) {}
    }

    private int next() throws IOException {
        check(at < end || fill());
        return buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(count, 0);
        return count > 0;
    }

    private void check(boolean right) {
        if (!right) {
            throw broken();
        }
    }

    private ProblemException broken() {
        end();
        return new ProblemException(
                new Problem.Malformed("Content-Encoding", "The body is not what `Content-Encoding: gzip` says."));
    }

    /// Gives the inflater's memory back, which is outside of the heap.
    private void end() {
        over = true;
        inflater.end();
    }
}
