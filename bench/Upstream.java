package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A model server that always answers the same: canned bytes, as an event stream, on a virtual thread a connection.
///
/// The model `short` says 1 KB in one chunk. The model `stream` says 50 chunks of 20 characters, one each
/// [#PACE], as a fast model would; `slow` says 100 of them, one each [#SLOW_PACE]. The model `flood` says 8 MB, as
/// fast as they are read.
final class Upstream implements AutoCloseable {
    static final int STREAM_CHUNKS = 50;
    static final Duration PACE = Duration.ofMillis(2);
    static final int SLOW_CHUNKS = 100;
    static final Duration SLOW_PACE = Duration.ofMillis(20);
    private static final int FLOOD_CHUNKS = 1000;
    private static final String FLOOD_TEXT = "0123456789abcdef".repeat(512);
    static final String SHORT_TEXT = "0123456789abcdef".repeat(64);
    private static final String STREAM_TEXT = "twenty characters ok";

    private static final byte[] HEAD = ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n")
            .getBytes(ISO_8859_1);
    private static final byte[] END = chunk("data: [DONE]\n\n", "0\r\n\r\n");

    private final ServerSocket server = new ServerSocket(0, 2048, InetAddress.getLoopbackAddress());

    Upstream() throws IOException {
        Thread.ofVirtual().name("upstream").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            var wire = new Wire(socket.getInputStream());
            for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                String body = new String(wire.body(head), ISO_8859_1);
                answer(socket.getOutputStream(), Said.to(body));
            }
        } catch (IOException | InterruptedException gone) {
            // the proxy hung up; the load's own checks see what that broke
        }
    }

    private static void answer(OutputStream out, Said said) throws IOException, InterruptedException {
        for (byte[] write : said.writes()) {
            if (write != said.writes().getFirst()) {
                Thread.sleep(said.pace());
            }
            out.write(write);
        }
    }

    /// What a model says: what is written at once is one element; the head goes with the first.
    private record Said(List<byte[]> writes, Duration pace) {
        private static final Said SHORT = said(1, SHORT_TEXT, Duration.ZERO);
        private static final Said STREAM = said(STREAM_CHUNKS, STREAM_TEXT, PACE);
        private static final Said SLOW = said(SLOW_CHUNKS, STREAM_TEXT, SLOW_PACE);
        private static final Said FLOOD = said(FLOOD_CHUNKS, FLOOD_TEXT, Duration.ZERO);

        static Said to(String body) {
            if (body.contains("\"model\":\"stream\"")) {
                return STREAM;
            }
            if (body.contains("\"model\":\"slow\"")) {
                return SLOW;
            }
            return body.contains("\"model\":\"flood\"") ? FLOOD : SHORT;
        }
    }

    private static Said said(int chunks, String text, Duration pace) {
        List<byte[]> writes = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            writes.add(text(text));
        }
        writes.set(0, join(HEAD, delta("\"role\":\"assistant\",\"content\":\"\""), writes.getFirst()));
        writes.set(chunks - 1, join(writes.getLast(), finish(), usage(256), END));
        return new Said(List.copyOf(writes), pace);
    }

    private static byte[] text(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    private static byte[] delta(String members) {
        return event("\"choices\":[{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":null}]");
    }

    private static byte[] finish() {
        return event("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]");
    }

    private static byte[] usage(int completion) {
        return event("\"choices\":[],\"usage\":{\"prompt_tokens\":256,\"completion_tokens\":" + completion
                + ",\"total_tokens\":" + (256 + completion) + "}");
    }

    private static byte[] event(String members) {
        return chunk(
                "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
                        + "\"model\":\"bench\"," + members + "}\n\n",
                "");
    }

    private static byte[] chunk(String data, String behind) {
        return (Integer.toHexString(data.length()) + "\r\n" + data + "\r\n" + behind).getBytes(ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
