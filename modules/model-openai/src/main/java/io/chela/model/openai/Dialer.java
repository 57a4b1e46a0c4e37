package io.chela.model.openai;

import io.helidon.common.socket.PlainSocket;
import io.helidon.common.socket.TlsSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/// Makes the connections of one route.
///
/// @param connecting how long it may take to reach a host, and a proxy to open its tunnel
/// @param silence how long the other side may say nothing after that
record Dialer(Route route, Duration connecting, Duration silence) {
    /// Connects; blocks until HTTP can be spoken to the server.
    ///
    /// @param keep what [UpstreamConnection#releaseResource] asks
    /// @throws ProxyFailure when the proxy is to blame
    UpstreamConnection dial(Predicate<UpstreamConnection> keep) throws IOException {
        SocketChannel channel = SocketChannel.open(); // a socket of its own cannot be looked at without waiting
        Socket socket = channel.socket();
        try {
            Socket stream = reach(socket);
            Socket top = route.isSecure() ? route.tls().over(stream, route.host(), route.port()) : stream;
            socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
            String id = Integer.toHexString(System.identityHashCode(socket));
            return new UpstreamConnection(
                    channel,
                    Stream.of(stream, top)
                            .filter(SSLSocket.class::isInstance)
                            .distinct()
                            .toList(),
                    top instanceof SSLSocket secure ? TlsSocket.client(secure, id) : PlainSocket.client(top, id),
                    keep);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Leads a socket to the server; what comes back is that socket, or TLS with a proxy on it.
    private Socket reach(Socket socket) throws IOException {
        if (route.proxy().isEmpty()) {
            connect(socket, route.host(), route.port());
            return socket;
        }
        HttpProxy proxy = route.proxy().get();
        try {
            connect(socket, proxy.host(), proxy.port());
            socket.setSoTimeout(Math.toIntExact(connecting.toMillis()));
            Socket stream =
                    proxy.tls().isPresent() ? proxy.tls().get().over(socket, proxy.host(), proxy.port()) : socket;
            Tunnel.open(stream, route.authority(), proxy.authorization(), connecting);
            return stream;
        } catch (ProxyFailure e) {
            throw e;
        } catch (IOException e) {
            throw ProxyFailure.lost(e);
        }
    }

    private void connect(Socket socket, String host, int port) throws IOException {
        socket.setTcpNoDelay(true); // false by default: each small write then waits for an ACK, 40 ms
        socket.connect(new InetSocketAddress(host, port), Math.toIntExact(connecting.toMillis()));
    }
}
