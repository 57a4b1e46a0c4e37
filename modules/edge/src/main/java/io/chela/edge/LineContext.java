package io.chela.edge;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// A [Line] as Helidon's connections see it, over the reader of their protocol.
record LineContext(Line line, DataReader dataReader) implements ConnectionContext {
    /// For WebSocket: what is read are the frames that [WsFrames] let through.
    static LineContext ofFrames(Line line) {
        return new LineContext(line, new LineReader(() -> adapter(line).nextFrame()));
    }

    /// There is one from the channel's opening on, and nothing is read before.
    private static WsAdapter adapter(Line line) {
        return line.attached(WsAdapter.class).orElseThrow();
    }

    private ConnectionContext accepted() {
        return line.connection().context();
    }

    @Override
    public ListenerContext listenerContext() {
        return accepted().listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return accepted().executor();
    }

    @Override
    public DataWriter dataWriter() {
        return line.dataWriter();
    }

    @Override
    public Router router() {
        return accepted().router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return accepted().proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return accepted().serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return accepted().remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return accepted().localPeer();
    }

    @Override
    public boolean isSecure() {
        return accepted().isSecure();
    }

    @Override
    public String socketId() {
        return accepted().socketId();
    }

    @Override
    public String childSocketId() {
        return accepted().childSocketId();
    }
}
