package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A WebSocket client that can say what no decent one would.
final class RawWs implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] MASK = {1, 2, 3, 4};
    private static final int FIN = 0x80;

    private final RawClient client;

    private RawWs(RawClient client) {
        this.client = client;
    }

    /// One frame of the server; a char of `bytes` is a byte.
    record Frame(int opcode, String bytes) {
        String text() {
            return new String(bytes.getBytes(ISO_8859_1), UTF_8);
        }

        int closeCode() {
            return bytes.charAt(0) << 8 | bytes.charAt(1);
        }

        String closeReason() {
            return bytes.substring(2);
        }
    }

    static RawClient.Answer shake(RawClient client, String path, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 4);
        all[headers.length] = "Upgrade: websocket";
        all[headers.length + 1] = "Connection: Upgrade";
        all[headers.length + 2] = "Sec-WebSocket-Version: 13";
        all[headers.length + 3] = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
        return client.get(path, all).headAnswer();
    }

    static RawWs open(RawClient client, String path) {
        if (shake(client, path).status() != 101) {
            throw new IllegalStateException("no upgrade");
        }
        return new RawWs(client);
    }

    RawWs text(String text) {
        return frame(TEXT, true, text.getBytes(UTF_8));
    }

    RawWs close(int code, String reason) {
        byte[] words = reason.getBytes(UTF_8);
        return frame(
                CLOSE,
                true,
                ByteBuffer.allocate(2 + words.length)
                        .putShort((short) code)
                        .put(words)
                        .array());
    }

    /// Sends what may be refused, and the connection ended, before it is whole.
    RawWs offer(String text) {
        client.offer(new String(frameOf(TEXT, true, text.getBytes(UTF_8)), ISO_8859_1));
        return this;
    }

    /// Sends bytes as they are; an int is a byte.
    RawWs raw(int... bytes) {
        byte[] sent = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            sent[i] = (byte) bytes[i];
        }
        client.send(sent);
        return this;
    }

    RawWs raw(byte[] bytes) {
        client.send(bytes);
        return this;
    }

    RawWs frame(int opcode, boolean last, byte[] payload) {
        client.send(frameOf(opcode, last, payload));
        return this;
    }

    /// The bytes of a masked frame.
    ///
    /// @param opcode the low bits of the first byte, reserved bits too
    static byte[] frameOf(int opcode, boolean last, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.write((last ? FIN : 0) | opcode);
        if (payload.length < 126) {
            frame.write(FIN | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(FIN | 126);
            frame.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            frame.write(FIN | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return frame.toByteArray();
    }

    Frame read() {
        byte[] head = client.readBytes(2);
        if (head.length < 2) {
            throw new IllegalStateException("the connection is closed");
        }
        long length = head[1] & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(client.readBytes(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = ByteBuffer.wrap(client.readBytes(8)).getLong();
        }
        return new Frame(head[0] & 0x0f, new String(client.readBytes((int) length), ISO_8859_1));
    }

    /// Reads up to the close frame and says what it is.
    Frame readClose() {
        Frame frame = read();
        while (frame.opcode() != CLOSE) {
            frame = read();
        }
        return frame;
    }

    /// Reads up to the end of the stream.
    String rest() {
        return client.rest();
    }

    @Override
    public void close() {
        client.close();
    }
}
