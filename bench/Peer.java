package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// One plain connection to a gateway, for one thread at a time. Cheap while it is idle: no thread, no buffer.
record Peer(SocketChannel channel) implements AutoCloseable {
    /// Nothing that is waited for here takes longer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What came back; the status is 0 when the connection was closed instead.
    record Answer(int status, String body) {}

    static Peer to(int port) throws IOException {
        return new Peer(open()).connected(port);
    }

    /// With the smallest buffer the system gives, for one who stops reading.
    static Peer lazy(int port) throws IOException {
        SocketChannel channel = open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        return new Peer(channel).connected(port);
    }

    private static SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout((int) PATIENCE.toMillis());
        return channel;
    }

    private Peer connected(int port) throws IOException {
        try {
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return this;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void send(byte[] bytes) throws IOException {
        channel.socket().getOutputStream().write(bytes);
    }

    /// Reads one answer to its end.
    Answer answer() throws IOException {
        var wire = new Wire(channel.socket().getInputStream());
        String head = wire.head();
        if (head.isEmpty()) {
            return new Answer(0, "");
        }
        return new Answer(Integer.parseInt(head.substring(9, 12)), new String(wire.body(head), ISO_8859_1));
    }

    Answer ask(byte[] request) throws IOException {
        send(request);
        return answer();
    }

    /// Whether the other side has closed, without waiting. What has come and was not read is lost.
    boolean isClosed() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1024)) < 0;
        } catch (IOException reset) {
            return true;
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
