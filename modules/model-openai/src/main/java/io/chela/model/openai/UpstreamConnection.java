package io.chela.model.openai;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.SocketWriter;
import io.helidon.webclient.api.ClientConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// One connection to a server, for the client library to speak HTTP on. For one call at a time, but for
/// [#closeResource].
final class UpstreamConnection implements ClientConnection {
    private final SocketChannel channel;
    private final Socket socket;
    private final List<Socket> tls;
    private final HelidonSocket stream;
    private final Predicate<UpstreamConnection> keep;
    private final DataReader reader;
    private final DataWriter writer;

    /// @param channel under all that `stream` may have put on it
    /// @param tls what was put on it
    /// @param keep takes the connection for another call, or tells that it does not
    UpstreamConnection(
            SocketChannel channel, List<Socket> tls, HelidonSocket stream, Predicate<UpstreamConnection> keep) {
        this.channel = channel;
        this.socket = channel.socket();
        this.tls = tls;
        this.stream = stream;
        this.keep = keep;
        this.reader = DataReader.create(stream);
        this.writer = SocketWriter.create(stream);
    }

    @Override
    public DataReader reader() {
        return reader;
    }

    @Override
    public DataWriter writer() {
        return writer;
    }

    @Override
    public String channelId() {
        return stream.socketId();
    }

    @Override
    public HelidonSocket helidonSocket() {
        return stream;
    }

    @Override
    public void readTimeout(Duration readTimeout) {
        try {
            socket.setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells whether the server has neither said anything since its last answer nor hung up; at once, while no call
    /// uses the connection. What came would be read as the answer of the next call, which may be another
    /// caller's.
    boolean isSilent() {
        try {
            for (Socket layer : tls) {
                if (layer.getInputStream().available() > 0) {
                    return false;
                }
            }
            return reader.available() == 0 && hasNothing(channel);
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean hasNothing(SocketChannel idle) throws IOException {
        idle.configureBlocking(false);
        int read = idle.read(ByteBuffer.allocate(1));
        idle.configureBlocking(true);
        return read == 0;
    }

    @Override
    public boolean isConnected() {
        return !socket.isClosed();
    }

    @Override
    public void releaseResource() {
        if (!keep.test(this)) {
            closeResource();
        }
    }

    /// Closes without a word of TLS, which could block.
    @Override
    public void closeResource() {
        try {
            socket.close();
        } catch (IOException _) {
            // it was broken already
        }
    }
}
