package io.chela.edge;

import io.chela.api.Utf8;
import io.helidon.common.buffers.DataReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntSupplier;

/// Reads one peer's frames, strictly, and joins fragments: what it gives is one frame for each message or
/// control frame, so nothing behind it ever meets a half.
///
/// Helidon 4.5.0 alone takes control frames of any length, a message inside another and lengths that are
/// longer than needed, decodes each fragment by itself, and makes room for a whole frame once it is
/// announced. Here room is made for what has come, and a length alone can end the channel. For the
/// line's thread. Source: RFC 6455, 5.2 to 5.5, 7.4 and 8.1.
final class WsFrames {
    /// A peer broke a rule; the reason is for its close frame.
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        private Violation(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// @param mask the four bytes that the payload is covered with, the first in the highest place
    private record Head(boolean last, int opcode, int length, int mask) {}

    /// What a further fragment counts beside its payload: tiny and empty ones cost more than they bring.
    static final int FRAGMENT_BYTES = 8;

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private static final int HIGH_BIT = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int LENGTH = 0x7f;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK_BYTES = 4;
    private static final int MAX_CONTROL_BYTES = 125;

    /// Of a frame that is given: two bytes, a length of eight, a mask of zeros.
    private static final int HEAD_BYTES = 2 + 8 + MASK_BYTES;

    /// Room is made, and the peer counted as present, in such steps.
    private static final int STEP_BYTES = 64 * 1024;

    private final DataReader from;
    private final IntSupplier maxMessageBytes;
    private final Runnable heard;
    private final Duration patience;

    private byte[] frame = new byte[HEAD_BYTES]; // room for a head, then the message so far
    private int size; // of the message so far
    private int kind; // of the message that is under way; CONTINUATION when there is none
    private long counted; // of that message
    private long startedNanos; // that message

    /// @param maxMessageBytes asked at every frame
    /// @param heard told whenever something has come
    /// @param patience how long a message may take, and a second more for each 16 KiB: pings and pongs between its
    ///     fragments would keep it, and its memory, for ever
    WsFrames(DataReader from, IntSupplier maxMessageBytes, Runnable heard, Duration patience) {
        this.from = from;
        this.maxMessageBytes = maxMessageBytes;
        this.heard = heard;
        this.patience = patience;
    }

    /// Waits for the next message or control frame.
    ///
    /// @return one whole frame with a mask of zeros; a text is valid UTF-8, a close frame has a code that may
    ///     be sent
    /// @throws Violation when the peer breaks a rule
    byte[] next() {
        while (true) {
            Head head = head();
            if (head.opcode() >= CLOSE) {
                return control(head);
            }
            append(head);
            if (head.last()) {
                return message();
            }
        }
    }

    /// How much has come of a message that is under way.
    long pending() {
        return counted;
    }

    private Head head() {
        int first = from.read();
        int second = from.read();
        int opcode = first & OPCODE;
        boolean last = (first & HIGH_BIT) != 0;
        if ((first & RESERVED_BITS) != 0 || (opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
            throw wrong("a reserved bit or opcode");
        }
        if ((second & HIGH_BIT) == 0) {
            throw wrong("a frame without a mask");
        }
        hear();
        long length = length(second & LENGTH);
        if (opcode < CLOSE) {
            count(opcode, length);
        } else if (!last || length > MAX_CONTROL_BYTES) {
            throw wrong("a control frame in fragments or of more than " + MAX_CONTROL_BYTES + " bytes");
        }
        return new Head(
                last,
                opcode,
                (int) length,
                ByteBuffer.wrap(from.readBytes(MASK_BYTES)).getInt());
    }

    private void hear() {
        heard.run();
        long late = System.nanoTime() - startedNanos - patience.toNanos();
        if (kind != CONTINUATION && late > EdgeLimits.Times.earnedNanos(size)) {
            throw new Violation(CloseCode.POLICY_VIOLATION, "message too slow");
        }
    }

    private long length(int given) {
        if (given < TWO_BYTES) {
            return given;
        }
        boolean two = given == TWO_BYTES;
        long length = two
                ? Short.toUnsignedLong(
                        ByteBuffer.wrap(from.readBytes(Short.BYTES)).getShort())
                : ByteBuffer.wrap(from.readBytes(Long.BYTES)).getLong();
        if (length < (two ? TWO_BYTES : 1 << Short.SIZE)) {
            throw wrong("a length that is negative or not written as short as it can be");
        }
        return length;
    }

    private void count(int opcode, long length) {
        boolean further = opcode == CONTINUATION;
        if (further && kind == CONTINUATION) {
            throw wrong("a continuation of nothing");
        }
        if (!further && kind != CONTINUATION) {
            throw wrong("a message inside another");
        }
        long room = maxMessageBytes.getAsInt() - counted - (further ? FRAGMENT_BYTES : 0);
        if (length > room) {
            throw new Violation(CloseCode.TOO_BIG, "message too big");
        }
        counted += length + (further ? FRAGMENT_BYTES : 0);
        startedNanos = further ? startedNanos : System.nanoTime();
        kind = further ? kind : opcode;
    }

    private void append(Head head) {
        int end = size + head.length();
        for (int done = 0; size < end; ) {
            byte[] part = from.readBytes(Math.min(STEP_BYTES, end - size));
            hear();
            unmask(part, head.mask(), done);
            makeRoom(size + part.length, head.last() ? end : Integer.MAX_VALUE);
            System.arraycopy(part, 0, frame, HEAD_BYTES + size, part.length);
            size += part.length;
            done += part.length;
        }
    }

    /// @param whole how much the message has in the end, if that is known
    private void makeRoom(int needed, int whole) {
        if (HEAD_BYTES + needed > frame.length) {
            long twice = Math.min(2L * frame.length, (long) HEAD_BYTES + whole);
            frame = Arrays.copyOf(frame, (int) Math.max(HEAD_BYTES + needed, twice));
        }
    }

    private static void unmask(byte[] part, int mask, int offset) {
        int turned = Integer.rotateLeft(mask, Byte.SIZE * (offset % MASK_BYTES));
        for (int i = 0; i < part.length; i++) {
            turned = Integer.rotateLeft(turned, Byte.SIZE);
            part[i] ^= (byte) turned;
        }
    }

    private byte[] message() {
        if (kind == TEXT && !Utf8.isValid(ByteBuffer.wrap(frame, HEAD_BYTES, size))) {
            throw new Violation(CloseCode.NOT_CONSISTENT, "not UTF-8");
        }
        byte[] whole = frame.length == HEAD_BYTES + size ? frame : Arrays.copyOf(frame, HEAD_BYTES + size);
        writeHead(whole, kind, size);
        frame = new byte[HEAD_BYTES];
        size = 0;
        kind = CONTINUATION;
        counted = 0;
        return whole;
    }

    private byte[] control(Head head) {
        byte[] whole = new byte[HEAD_BYTES + head.length()];
        if (head.length() > 0) {
            byte[] payload = from.readBytes(head.length());
            unmask(payload, head.mask(), 0);
            System.arraycopy(payload, 0, whole, HEAD_BYTES, payload.length);
        }
        if (head.opcode() == CLOSE) {
            checkClose(ByteBuffer.wrap(whole, HEAD_BYTES, head.length()));
        }
        writeHead(whole, head.opcode(), head.length());
        return whole;
    }

    private static void checkClose(ByteBuffer payload) {
        if (!payload.hasRemaining()) {
            return;
        }
        if (payload.remaining() < Short.BYTES || !isSendable(Short.toUnsignedInt(payload.getShort()))) {
            throw wrong("a close code that must not be sent");
        }
        if (!Utf8.isValid(payload)) {
            throw new Violation(CloseCode.NOT_CONSISTENT, "not UTF-8");
        }
    }

    private static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000);
    }

    private static void writeHead(byte[] frame, int opcode, int length) {
        ByteBuffer.wrap(frame)
                .put((byte) (HIGH_BIT | opcode))
                .put((byte) (HIGH_BIT | EIGHT_BYTES))
                .putLong(length)
                .putInt(0);
    }

    private static Violation wrong(String reason) {
        return new Violation(CloseCode.PROTOCOL_ERROR, reason);
    }
}
