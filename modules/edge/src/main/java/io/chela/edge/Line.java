package io.chela.edge;

import io.chela.api.Budget;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/// One client connection: between Helidon's HTTP/1.1 connection and the socket, so that everything read and
/// written has
/// a deadline and a blocked handler can learn that its caller left.
///
/// A half-close counts as leaving, as it does in nginx.
public final class Line implements ConnectionContext, LimitedConnection, InterruptableTask<Void> {
    /// The connection whose thread this is.
    public static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();

    private static final long LINGER_BYTES = 256L * 1024;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ConnectionContext context;
    private final Lines lines;
    private final Inbound inbound;
    private final SocketStay writes = new SocketStay();
    private final Framing framing;
    private final DataReader reader;
    private final DataWriter writer;
    private final ServerConnection http;
    private final InetSocketAddress remote;

    // The connection's thread alone.
    private final Map<Class<?>, Object> attached = new HashMap<>();
    private Runnable atEnd = () -> {};
    private boolean asked;
    private boolean upgraded;
    private long unread; // what may still come of a body that nobody wants

    Line(ConnectionContext context, Lines lines, Function<ConnectionContext, ServerConnection> http) {
        this.context = context;
        this.lines = lines;
        this.inbound =
                new Inbound(context.serverSocket(), lines.limits(), lines.budget(), sniffed(context.dataReader()));
        this.framing = new Framing(inbound::take, lines.limits(), this::headRead);
        this.reader = new LineReader(framing::take);
        this.writer = new TimedWriter(
                context.dataWriter(), writes, lines.limits().times().write());
        this.remote = (InetSocketAddress) context.remotePeer().address();
        this.http = http.apply(this);
    }

    /// What Helidon has read already, which it does when it has several selectors to choose from.
    private static byte[] sniffed(DataReader read) {
        int available = read.available();
        return available == 0 ? new byte[0] : read.readBytes(available); // of 0 it would wait for one more
    }

    /// Runs the action once the caller hangs up, at once if it has already.
    ///
    /// The action runs on another thread and must be quick and not block: it cancels, no more. While watched,
    /// up to
    /// [EdgeLimits#readAheadBytes()] are read ahead; one watch at a time.
    public Watch onHangup(Runnable action) {
        return inbound.onHangup(action);
    }

    /// The caller's address as a literal, without its port; of the proxy when there is one.
    public String remoteAddress() {
        return remoteInet().getHostAddress();
    }

    /// Tells whether the connection comes from this machine.
    public boolean isLoopback() {
        return remoteInet().isLoopbackAddress();
    }

    InetAddress remoteInet() {
        return remote.getAddress();
    }

    /// Leaves a value for what comes later in this request, or for the WebSocket that this request becomes.
    ///
    /// Forgotten when the next request begins. Only on the connection's thread.
    public <T> void attach(Class<T> type, T value) {
        attached.put(type, value);
    }

    /// What was attached under this type.
    public <T> Optional<T> attached(Class<T> type) {
        return Optional.ofNullable(type.cast(attached.get(type)));
    }

    /// Ends the connection now, whatever its threads wait for; any thread.
    public void abort() {
        inbound.abort();
        writes.abort();
    }

    private void headRead(RequestHead head) {
        attached.clear();
        unread = head.isChunked() ? LINGER_BYTES : head.bodyBytes() - framing.buffered();
        inbound.headersRead(head.bodyBytes());
        if (!asked) {
            asked = true;
            lines.room().asked();
        }
    }

    /// Counts the memory of a body that is larger than what came; see [Inbound#inflated].
    void inflated(long bytes) {
        inbound.inflated(bytes);
    }

    /// The request's body has gone on to the model, so it takes less memory from now on.
    ///
    /// Only on the connection's thread, or while that waits.
    public void passedOn() {
        inbound.memory().passedOn();
    }

    /// Gives the memory of the request back.
    void release() {
        inbound.memory().release();
    }

    /// Leaves the memory of a WebSocket's message to whoever goes on with it.
    Budget.Hold handOver() {
        return inbound.memory().handOver();
    }

    void bodyRead() {
        unread = 0;
    }

    /// The connection ends with a word of ours while the peer may still be sending.
    void refused() {
        unread = LINGER_BYTES + inbound.taken();
    }

    /// Tells whether it should end with its answer, to make room for others.
    boolean isInTheWay() {
        return lines.isNarrow(isSecure());
    }

    void requestDone() {
        inbound.requestDone(framing.buffered() > 0);
    }

    void upgraded() {
        upgraded = true;
        framing.upgraded();
        inbound.upgraded();
    }

    /// Runs the action on the connection's thread when the connection is over.
    void atEnd(Runnable action) {
        atEnd = action;
    }

    boolean isUpgraded() {
        return upgraded;
    }

    /// Bounds what an upgraded connection may receive until the next call; see [Inbound#allow].
    void allow(long soFar, long most, Runnable tooMuch, Runnable busy) {
        inbound.allow(soFar, most, tooMuch, busy);
    }

    /// How long a body, or a WebSocket's message, may take, beside what its length adds.
    Duration bodyTime() {
        return lines.limits().times().body();
    }

    /// Where what waits for a WebSocket's peer is counted.
    Outboxes outboxes() {
        return lines.outboxes();
    }

    void expire(long nowNanos) {
        inbound.expire(nowNanos);
        if (writes.expire(nowNanos)) {
            inbound.abort(); // it may hold the TLS lock that the writer waits for, deaf to interrupts
        }
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        lines.add(this);
        try {
            ScopedValue.where(CURRENT, this).<Void, InterruptedException>call(() -> {
                http.handle(limit);
                return null;
            });
        } finally {
            end();
        }
    }

    private void end() {
        try {
            atEnd.run();
            inbound.linger(Math.min(unread - inbound.taken(), LINGER_BYTES), LINGER);
            if (isSecure()) {
                closeNotify();
            }
        } finally {
            inbound.memory().release();
            lines.remove(this);
            if (asked) {
                lines.room().left();
            }
            if (isSecure()) {
                inbound.abort(); // a TLS close would wait for a read-ahead that is inside a handshake
            }
        }
    }

    /// Ends TLS in its own words, so that the caller can tell the end from a cut.
    ///
    /// The reaper still watches: no peer can make it last.
    private void closeNotify() {
        inbound.limit(LINGER); // inside a handshake it holds the lock that closing needs
        try {
            writes.enter(LINGER);
            try {
                context.serverSocket().close();
            } finally {
                writes.leave();
            }
        } catch (UncheckedIOException | CloseConnectionException _) {
            // given up or gone: there is nobody to tell
        }
    }

    @Override
    public Duration idleTime() {
        return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return http instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    @Override
    public ListenerContext listenerContext() {
        return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return context.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return context.localPeer();
    }

    @Override
    public boolean isSecure() {
        return context.isSecure();
    }

    @Override
    public String socketId() {
        return context.socketId();
    }

    @Override
    public String childSocketId() {
        return context.childSocketId();
    }
}
