package io.chela.edge;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One accepted connection. Its own thread reads and does nothing else, so that an idle connection holds no more
/// than a small stack: the requests run on a thread that a [Line] has as long as they follow each other closely.
final class Connection implements LimitedConnection, InterruptableTask<Void> {
    private final ConnectionContext context;
    private final Lines lines;
    private final Inbound inbound;
    private final SocketStay reads = new SocketStay();
    private final SocketStay writes = new SocketStay();
    private final InetSocketAddress remote;

    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    Connection(ConnectionContext context, Lines lines) {
        this.context = context;
        this.lines = lines;
        this.inbound = new Inbound(lines.limits(), sniffed(context.dataReader()));
        this.remote = (InetSocketAddress) context.remotePeer().address();
    }

    /// What Helidon has read already, which it does when it has several selectors to choose from.
    private static byte[] sniffed(DataReader read) {
        int available = read.available();
        return available == 0 ? new byte[0] : read.readBytes(available); // of 0 it would wait for one more
    }

    @Override
    public void handle(Limit limit) {
        lines.add(this);
        try {
            boolean first = true;
            do {
                if (inbound.isUnattended()) {
                    attend(new Line(this, first), limit);
                    first = false;
                }
            } while (read());
        } finally {
            end();
        }
        if (failure instanceof Error e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /// Reads the next bytes once there is room for them, and tells whether there can be more.
    private boolean read() {
        byte[] piece = null;
        try {
            if (inbound.awaitRoom()) {
                piece = readSocket();
            }
        } finally {
            inbound.arrived(piece);
        }
        return piece != null;
    }

    /// The socket's next bytes; null at its end, which a TLS socket tells by no bytes first.
    private byte @Nullable [] readSocket() {
        try {
            reads.enter();
            try {
                byte[] piece = context.serverSocket().get();
                while (piece != null && piece.length == 0) {
                    piece = context.serverSocket().get();
                }
                return piece;
            } finally {
                reads.leave();
            }
        } catch (UncheckedIOException | CloseConnectionException _) {
            return null; // a reset, or our own end of the connection: both are an end of the stream
        }
    }

    private void attend(Line line, Limit limit) {
        inbound.attend(line);
        line.start(limit);
    }

    private void end() {
        try {
            inbound.awaitDeparture();
            if (!over) {
                closeNotify();
            }
        } finally {
            lines.remove(this);
        }
    }

    /// Ends the connection from the thread of its last request, while its own may still be reading.
    ///
    /// @param why what Helidon's connection threw, if anything
    void over(@Nullable Throwable why) {
        failure = why;
        over = true;
        try {
            closeNotify();
        } finally {
            inbound.finish();
            reads.abort();
        }
    }

    /// Ends TLS in its own words, so that the caller can tell the end from a cut.
    ///
    /// The reaper still watches: no peer can make it last.
    private void closeNotify() {
        if (!context.isSecure()) {
            return;
        }
        try {
            writes.enter(Line.LINGER);
            try {
                context.serverSocket().close();
            } finally {
                writes.leave();
            }
        } catch (UncheckedIOException | CloseConnectionException _) {
            // given up or gone: there is nobody to tell
        }
    }

    /// Ends the connection now, whatever its threads wait for; any thread.
    void abort() {
        reads.abort();
        writes.abort();
    }

    void expire(long nowNanos) {
        if (inbound.expire(nowNanos)) {
            reads.abort();
        }
        if (writes.expire(nowNanos)) {
            reads.abort(); // it may hold the TLS lock that the writer waits for, deaf to interrupts
        }
    }

    ConnectionContext context() {
        return context;
    }

    /// The caller, or the proxy before it.
    InetSocketAddress remote() {
        return remote;
    }

    Lines lines() {
        return lines;
    }

    Inbound inbound() {
        return inbound;
    }

    SocketStay writes() {
        return writes;
    }

    /// None that Helidon should know of: the deadlines are ours.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        inbound.attendant().ifPresentOrElse(line -> line.close(interrupt), reads::abort);
    }

    @Override
    public boolean canInterrupt() {
        return inbound.attendant().map(Line::canInterrupt).orElse(true);
    }
}
