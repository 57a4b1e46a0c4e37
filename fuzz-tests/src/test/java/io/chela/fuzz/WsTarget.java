package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Opens a WebSocket and sends frames: the input's pieces between bytes FF, each its first byte (FIN,
/// reserved bits and opcode) and its payload; a piece that begins with FE is sent as it is. A first piece
/// that is empty stands for a `connect` that is granted.
///
/// What comes back is an upgrade, whole frames with JSON objects, and one close frame at most, which does
/// not say 1011.
public final class WsTarget {
    private static final byte[] UPGRADE = """
            GET / HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n").getBytes(ISO_8859_1);
    private static final byte[] CONNECT =
            ("{\"type\":\"req\",\"id\":\"1\",\"method\":\"connect\",\"params\":{\"minProtocol\":4,"
                            + "\"maxProtocol\":4,\"client\":{\"id\":\"cli\",\"mode\":\"cli\",\"version\":\"1\",\"platform\":\"linux\"},"
                            + "\"auth\":{\"token\":\"" + FuzzedGateway.TOKEN + "\"}}}")
                    .getBytes(UTF_8);
    private static final byte[] GOODBYE = {3, (byte) 0xe8};
    private static final byte[] MASK = {1, 2, 3, 4};

    private static final int SEPARATOR = 0xff;
    private static final int RAW = 0xfe;
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int INTERNAL = 1011;

    private WsTarget() {}

    /// One gateway for all inputs, since a start takes longer than a thousand of them; made at the first.
    private static final class One {
        private static final FuzzedGateway GATEWAY = new FuzzedGateway();
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        byte[] answer = One.GATEWAY.answers(conversation(bytes));
        int head = new String(answer, ISO_8859_1).indexOf("\r\n\r\n");
        Faults.check(
                head > 0 && new String(answer, ISO_8859_1).startsWith("HTTP/1.1 101 "),
                () -> "no upgrade: " + new String(answer, ISO_8859_1));
        check(ByteBuffer.wrap(answer, head + 4, answer.length - head - 4));
    }

    private static byte[] conversation(byte[] bytes) {
        var sent = new ByteArrayOutputStream();
        sent.writeBytes(UPGRADE);
        var piece = new ByteArrayOutputStream();
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && (bytes[i] & 0xff) != SEPARATOR) {
                piece.write(bytes[i]);
                continue;
            }
            if (piece.size() > 0) {
                piece(sent, piece.toByteArray());
            } else if (i == 0 && bytes.length > 0) {
                frame(sent, TEXT, CONNECT, 0);
            }
            piece.reset();
        }
        frame(sent, CLOSE, GOODBYE, 0);
        return sent.toByteArray();
    }

    private static void piece(ByteArrayOutputStream sent, byte[] piece) {
        if ((piece[0] & 0xff) == RAW) {
            sent.write(piece, 1, piece.length - 1);
        } else {
            frame(sent, piece[0], piece, 1);
        }
    }

    /// A frame as a client sends it, masked.
    private static void frame(ByteArrayOutputStream sent, int first, byte[] payload, int from) {
        int length = payload.length - from;
        sent.write(first);
        if (length < 126) {
            sent.write(0x80 | length);
        } else {
            sent.write(0x80 | 126);
            sent.write(length >> 8);
            sent.write(length);
        }
        sent.writeBytes(MASK);
        for (int i = 0; i < length; i++) {
            sent.write(payload[from + i] ^ MASK[i % MASK.length]);
        }
    }

    /// Checks frames as a server sends them; the last may be cut off.
    private static void check(ByteBuffer frames) {
        while (frames.remaining() >= 2) {
            int first = frames.get() & 0xff;
            int size = frames.get() & 0xff;
            long length = size < 126 ? size : wide(frames, size == 126 ? 2 : 8);
            if (length < 0 || length > frames.remaining()) {
                return;
            }
            byte[] payload = new byte[(int) length];
            frames.get(payload);
            if (first == TEXT) {
                var _ = Json.readObject(payload);
            } else if (first == CLOSE) {
                closed(payload);
                Faults.check(!frames.hasRemaining(), () -> "goes on after its close frame");
            } else {
                Faults.check(first == 0x89 || first == 0x8a, () -> "a frame that begins with " + first);
            }
        }
    }

    private static long wide(ByteBuffer frames, int bytes) {
        if (frames.remaining() < bytes) {
            return -1;
        }
        return bytes == 2 ? frames.getShort() & 0xffff : frames.getLong();
    }

    private static void closed(byte[] payload) {
        int code = payload.length < 2 ? 1000 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        String reason = new String(payload, Math.min(2, payload.length), Math.max(0, payload.length - 2), UTF_8);
        Faults.check(code != INTERNAL, () -> "closes with an internal error: " + reason);
    }
}
