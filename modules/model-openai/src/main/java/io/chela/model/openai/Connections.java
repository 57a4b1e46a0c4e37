package io.chela.model.openai;

import io.helidon.common.tls.Tls;
import io.helidon.webclient.api.ClientConnection;
import io.helidon.webclient.api.ConnectionKey;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.TcpClientConnection;
import io.helidon.webclient.api.WebClient;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/// The connections to one server; those that are idle are kept for later calls. Safe for many threads.
///
/// The client's own pool forgets a connection whose answer has a head it cannot read, open as it is.
final class Connections implements AutoCloseable {
    /// How many idle connections are kept.
    static final int MAX_IDLE = 512;

    /// How long an idle connection is listened to before it serves another call; the shortest there is.
    private static final Duration PROBE = Duration.ofMillis(1);

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final WebClient client;
    private final ConnectionKey server;
    private final Queue<TcpClientConnection> idle = new LinkedBlockingQueue<>(MAX_IDLE);
    private volatile boolean closed;

    Connections(WebClient client, URI server) {
        boolean secure = "https".equals(server.getScheme());
        this.client = client;
        this.server = ConnectionKey.create(
                server.getScheme(),
                server.getHost(),
                server.getPort() >= 0 ? server.getPort() : secure ? HTTPS_PORT : HTTP_PORT,
                secure ? client.prototype().tls() : Tls.builder().enabled(false).build(),
                client.prototype().dnsResolver(),
                client.prototype().dnsAddressLookup(),
                Proxy.noProxy());
    }

    /// An idle connection, or a new one; blocks while that is made.
    ClientConnection take() {
        for (TcpClientConnection kept = idle.poll(); kept != null; kept = idle.poll()) {
            if (kept.isConnected() && isSilent(kept)) {
                return kept;
            }
            kept.closeResource();
        }
        return TcpClientConnection.create(client, server, List.of("http/1.1"), this::keep, _ -> {})
                .connect();
    }

    /// Tells whether nothing came while the connection was idle: what did would be read as the answer of the
    /// next call, which may be another caller's.
    private static boolean isSilent(TcpClientConnection kept) {
        try {
            kept.readTimeout(PROBE);
            kept.reader().ensureAvailable();
            return false;
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof SocketTimeoutException;
        } catch (RuntimeException _) {
            return false; // the server closed it
        }
    }

    /// Called by a connection that is given back; one that is not kept closes itself.
    private boolean keep(TcpClientConnection connection) {
        if (closed || !connection.isConnected()) {
            return false;
        }
        return idle.offer(connection);
    }

    @Override
    public void close() {
        closed = true;
        for (TcpClientConnection kept = idle.poll(); kept != null; kept = idle.poll()) {
            kept.closeResource();
        }
    }
}
