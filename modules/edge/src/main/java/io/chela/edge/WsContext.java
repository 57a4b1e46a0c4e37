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

/// A [Line] as Helidon's WebSocket connection sees it: what it reads are the frames that [WsFrames] let
/// through.
record WsContext(Line line, DataReader dataReader) implements ConnectionContext {
    static WsContext of(Line line) {
        return new WsContext(line, new LineReader(() -> adapter(line).nextFrame()));
    }

    /// There is one from the channel's opening on, and nothing is read before.
    private static WsAdapter adapter(Line line) {
        return line.attached(WsAdapter.class).orElseThrow();
    }

    @Override
    public ListenerContext listenerContext() {
        return line.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return line.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return line.dataWriter();
    }

    @Override
    public Router router() {
        return line.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return line.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return line.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return line.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return line.localPeer();
    }

    @Override
    public boolean isSecure() {
        return line.isSecure();
    }

    @Override
    public String socketId() {
        return line.socketId();
    }

    @Override
    public String childSocketId() {
        return line.childSocketId();
    }
}
