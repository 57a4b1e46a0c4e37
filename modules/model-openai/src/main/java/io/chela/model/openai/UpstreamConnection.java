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
import java.time.Duration;
import java.util.function.Predicate;

/// One connection to a server, for the client library to speak HTTP on. For one call at a time, but for
/// [#closeResource].
final class UpstreamConnection implements ClientConnection {
    private final Socket socket;
    private final HelidonSocket stream;
    private final Predicate<UpstreamConnection> keep;
    private final DataReader reader;
    private final DataWriter writer;

    /// @param socket under all that `stream` may have put on it
    /// @param keep takes the connection for another call, or tells that it does not
    UpstreamConnection(Socket socket, HelidonSocket stream, Predicate<UpstreamConnection> keep) {
        this.socket = socket;
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
