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
/// [#PACE], as a fast model would.
final class Upstream implements AutoCloseable {
    static final int STREAM_CHUNKS = 50;
    static final Duration PACE = Duration.ofMillis(2);
    static final String SHORT_TEXT = "0123456789abcdef".repeat(64);
    private static final String STREAM_TEXT = "twenty characters ok";

    private static final byte[] HEAD = ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n")
            .getBytes(ISO_8859_1);
    private static final byte[] END = chunk("data: [DONE]\n\n", "0\r\n\r\n");

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());

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
                answer(socket.getOutputStream(), body.contains("\"model\":\"stream\"") ? STREAM : SHORT);
            }
        } catch (IOException | InterruptedException gone) {
            // the proxy hung up; the load's own checks see what that broke
        }
    }

    private static void answer(OutputStream out, List<byte[]> writes) throws IOException, InterruptedException {
        for (byte[] write : writes) {
            if (write != writes.getFirst()) {
                Thread.sleep(PACE);
            }
            out.write(write);
        }
    }

    /// What is written at once is one element; the head goes with the first.
    private static final List<byte[]> SHORT = List.of(join(
            HEAD, delta("\"role\":\"assistant\",\"content\":\"\""), text(SHORT_TEXT), finish(), usage(256), END));

    private static final List<byte[]> STREAM = stream();

    private static List<byte[]> stream() {
        List<byte[]> writes = new ArrayList<>();
        for (int i = 0; i < STREAM_CHUNKS; i++) {
            writes.add(text(STREAM_TEXT));
        }
        writes.set(0, join(HEAD, delta("\"role\":\"assistant\",\"content\":\"\""), writes.getFirst()));
        writes.set(STREAM_CHUNKS - 1, join(writes.getLast(), finish(), usage(STREAM_CHUNKS * 5), END));
        return List.copyOf(writes);
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
