package io.chela.model.openai;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/// The connections of one route; those that are idle are kept for later calls. Safe for many threads.
///
/// A route is a server, a proxy, and the terms of TLS with both, so no call ever gets a connection that was made
/// on other terms. The client's own pool forgets a connection whose answer has a head it cannot read, open as it
/// is.
final class Connections implements AutoCloseable {
    /// How many idle connections are kept.
    static final int MAX_IDLE = 512;

    private final Dialer dialer;
    private final Queue<UpstreamConnection> idle = new LinkedBlockingQueue<>(MAX_IDLE);
    private volatile boolean closed;

    Connections(Dialer dialer) {
        this.dialer = dialer;
    }

    /// An idle connection, or a new one; blocks while that is made.
    UpstreamConnection take() throws IOException {
        for (UpstreamConnection kept = idle.poll(); kept != null; kept = idle.poll()) {
            if (kept.isSilent()) {
                return kept;
            }
            kept.closeResource();
        }
        return dialer.dial(this::keep);
    }

    /// Called by a connection that is given back; one that is not kept closes itself.
    private boolean keep(UpstreamConnection connection) {
        if (closed || !connection.isConnected()) {
            return false;
        }
        return idle.offer(connection);
    }

    @Override
    public void close() {
        closed = true;
        for (UpstreamConnection kept = idle.poll(); kept != null; kept = idle.poll()) {
            kept.closeResource();
        }
    }
}
