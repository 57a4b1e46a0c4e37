package io.chela.gateway.ws;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.FakeModel;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A client that asks without end and reads nothing.
class FloodTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int CLOSE = 8;
    private static final String CLOSED = "closed ";

    /// A socket of its own: no client library would do this.
    private static final class Raw implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Raw(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            socket.getOutputStream().write("""
                    GET / HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                    \r
                    """.getBytes(US_ASCII));
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        }

        static byte[] frame(String text) {
            byte[] payload = text.getBytes(UTF_8);
            var frame = new ByteArrayOutputStream();
            frame.write(0x81);
            frame.write(0x80 | (payload.length < 126 ? payload.length : 126));
            if (payload.length >= 126) {
                frame.writeBytes(
                        ByteBuffer.allocate(2).putShort((short) payload.length).array());
            }
            frame.writeBytes(new byte[4]);
            frame.writeBytes(payload);
            return frame.toByteArray();
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /// The next message; of a close frame, `closed ` and its code.
        String read() throws IOException {
            int opcode = in.readUnsignedByte() & 0x0f;
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = in.readNBytes((int) length);
            return opcode == CLOSE ? CLOSED + ByteBuffer.wrap(payload).getShort() : new String(payload, UTF_8);
        }

        /// The ids of the responses in order, then how it ended if it did before this many.
        List<String> responses(int most) throws IOException {
            List<String> ids = new ArrayList<>();
            while (ids.size() < most) {
                try {
                    String message = read();
                    if (message.startsWith(CLOSED)) {
                        ids.add(message);
                        break;
                    }
                    ids.add(Json.readObject(message).path("id").stringValue(""));
                } catch (EOFException | SocketException _) {
                    ids.add(CLOSED);
                    break;
                }
            }
            return ids;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Raw connected(Talk talk) throws IOException {
        var raw = new Raw(talk.edge().port());
        raw.read();
        raw.send(Raw.frame(Json.write(Json.object()
                .put("type", "req")
                .put("id", "connect")
                .put("method", "connect")
                .set("params", Talk.Peer.connectParams(Talk.TOKEN)))));
        raw.read();
        return raw;
    }

    private static byte[] requests(int count) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(Raw.frame("{\"type\":\"req\",\"id\":\"" + i + "\",\"method\":\"health\"}"));
        }
        return all.toByteArray();
    }

    private static void assertServesTheNext(Talk talk) throws Exception {
        assertThat(talk.connect("operator.read")
                        .call("health", Json.object())
                        .path("ok")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void answersTenThousandRequestsInOrderAlthoughTheClientReadsLate() throws Exception {
        int count = 10_000;
        try (var talk = Talk.with(FakeModel.saying("ok"));
                var raw = connected(talk)) {
            raw.send(requests(count));
            List<String> ids = raw.responses(count);
            assertThat(ids).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(ids.get(i)).isEqualTo(Integer.toString(i));
            }
            assertServesTheNext(talk);
        }
    }

    @Test
    void closes1008WhoAsksForMoreThanItsOutboxHoldsAndReadsNothing() throws Exception {
        int count = 200_000; // 50 MB of answers
        try (var talk = Talk.with(FakeModel.saying("ok"));
                var raw = connected(talk)) {
            try {
                raw.send(requests(count));
            } catch (IOException _) {
                // cut off while we were still asking
            }
            List<String> ids = raw.responses(count);
            assertThat(ids).hasSizeLessThan(count).last().asString().startsWith(CLOSED);
            for (int i = 0; i < ids.size() - 1; i++) {
                assertThat(ids.get(i)).isEqualTo(Integer.toString(i));
            }
            assertServesTheNext(talk);
        }
    }

    @Test
    void looksAtNoRequestAfterAClose() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"));
                var raw = connected(talk)) {
            var packet = new ByteArrayOutputStream();
            packet.writeBytes(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe8});
            packet.writeBytes(requests(3));
            raw.send(packet.toByteArray());
            assertThat(raw.responses(3)).containsExactly(CLOSED + 1000);
        }
    }
}
