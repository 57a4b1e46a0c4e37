package io.chela.edge;

import io.chela.api.Budget;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.spi.ServerConnection;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The client's connection as its requests see it: between Helidon's HTTP/1.1 connection and the socket, so that
/// everything read and written has a deadline and a blocked handler can learn that its caller left.
///
/// A half-close counts as leaving, as it does in nginx. A line and its thread last as long as requests follow each
/// other closely, or as a WebSocket does; later ones have another.
public final class Line {
    /// The line whose thread this is.
    public static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();

    static final Duration LINGER = Duration.ofSeconds(1);
    private static final long LINGER_BYTES = 256L * 1024;

    private final Connection connection;
    private final Lines lines;
    private final Intake intake;
    private final Framing framing;
    private final DataReader reader;
    private final DataWriter writer;
    private volatile @Nullable Thread thread;
    private volatile @Nullable ServerConnection http;

    // The line's thread alone.
    private final Map<Class<?>, Object> attached = new HashMap<>();
    private Runnable atEnd = () -> {};
    private boolean upgraded;
    private long unread; // what may still come of a body that nobody wants

    /// @param first whether it attends to the connection's first request
    Line(Connection connection, boolean first) {
        this.connection = connection;
        this.lines = connection.lines();
        this.intake = new Intake(connection.inbound(), lines.limits(), lines.budget(), first);
        this.framing = new Framing(intake::take, lines::limits, this::headRead);
        this.reader = new LineReader(framing::take);
        this.writer = new TimedWriter(
                connection.context().dataWriter(),
                connection.writes(),
                lines.limits().times().write());
    }

    /// Runs the action once the caller hangs up, at once if it has already.
    ///
    /// The action runs on another thread and must be quick and not block: it cancels, no more. Up to
    /// [EdgeLimits#readAheadBytes()] are read ahead to see it; one watch at a time.
    public Watch onHangup(Runnable action) {
        return connection.inbound().onHangup(action);
    }

    /// Tells whether the caller has hung up; any thread.
    public boolean isHungUp() {
        return connection.inbound().isEnded();
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
        return connection.remote().getAddress();
    }

    /// Tells whether it speaks TLS.
    public boolean isSecure() {
        return connection.context().isSecure();
    }

    /// Leaves a value for what comes later in this request, or for the WebSocket that this request becomes.
    ///
    /// Forgotten when the next request begins. Only on the line's thread.
    public <T> void attach(Class<T> type, T value) {
        attached.put(type, value);
    }

    /// What was attached under this type.
    public <T> Optional<T> attached(Class<T> type) {
        return Optional.ofNullable(type.cast(attached.get(type)));
    }

    /// Forgets what was attached under this type.
    void detach(Class<?> type) {
        attached.remove(type);
    }

    /// Ends the connection now, whatever its threads wait for; any thread.
    public void abort() {
        connection.abort();
    }

    private void headRead(RequestHead head, EdgeLimits limits) {
        attached.clear();
        unread = head.isChunked() ? LINGER_BYTES : head.bodyBytes() - framing.buffered();
        intake.headersRead(head.bodyBytes(), limits.bodyBytes());
    }

    /// Counts the memory of a body that is larger than what came; see [Intake#inflated].
    void inflated(long bytes) {
        intake.inflated(bytes);
    }

    /// The request's body has gone on to the model, so it takes less memory from now on.
    ///
    /// Only on the line's thread, or while that waits.
    public void passedOn() {
        intake.memory().passedOn();
    }

    /// Gives the memory of the request back.
    void release() {
        intake.memory().release();
    }

    /// Leaves the memory of a WebSocket's message to whoever goes on with it.
    Budget.Hold handOver() {
        return intake.memory().handOver();
    }

    void bodyRead() {
        unread = 0;
    }

    /// The connection ends with a word of ours while the peer may still be sending.
    void refused() {
        unread = LINGER_BYTES + intake.taken();
    }

    /// Tells whether the connection should end with its answer, to make room for others.
    boolean isInTheWay() {
        return lines.isNarrow(isSecure());
    }

    void requestDone() {
        intake.requestDone(framing.buffered() > 0);
    }

    void upgraded() {
        upgraded = true;
        framing.upgraded();
        intake.upgraded();
    }

    /// Runs the action on the line's thread when the connection is over.
    void atEnd(Runnable action) {
        atEnd = action;
    }

    boolean isUpgraded() {
        return upgraded;
    }

    /// Bounds what an upgraded connection may receive until the next call; see [Intake#allow].
    void allow(long soFar, long most, Runnable tooMuch, Runnable busy) {
        intake.allow(soFar, most, tooMuch, busy);
    }

    /// How long a body, or a WebSocket's message, may take, beside what its length adds.
    Duration bodyTime() {
        return lines.limits().times().body();
    }

    /// Where what waits for a WebSocket's peer is counted.
    Outboxes outboxes() {
        return lines.outboxes();
    }

    DataReader dataReader() {
        return reader;
    }

    DataWriter dataWriter() {
        return writer;
    }

    Connection connection() {
        return connection;
    }

    void start(Limit limit) {
        Thread started = Thread.ofVirtual().name("line").unstarted(() -> attend(limit));
        thread = started;
        started.start();
    }

    private void attend(Limit limit) {
        lines.room().began();
        try {
            serve(limit);
            end(null);
        } catch (Inbound.Idle _) {
            giveBack(); // the connection's own thread waits for the next request
        } catch (InterruptedException _) {
            end(null);
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    private void serve(Limit limit) throws InterruptedException {
        ServerConnection connected = lines.http(new LineContext(this, reader));
        http = connected;
        ScopedValue.where(CURRENT, this).<Void, InterruptedException>call(() -> {
            connected.handle(limit);
            return null;
        });
    }

    private void end(@Nullable Throwable why) {
        try {
            atEnd.run();
            intake.linger(Math.min(unread - intake.taken(), LINGER_BYTES), LINGER);
        } finally {
            giveBack();
            connection.over(why);
        }
    }

    private void giveBack() {
        release();
        lines.room().ended();
    }

    /// Lets the request under way be the last; any thread, as what follows.
    void close(boolean interrupt) {
        ServerConnection connected = http;
        if (connected == null) {
            interrupt();
        } else {
            connected.close(interrupt);
        }
    }

    boolean canInterrupt() {
        return http instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    void interrupt() {
        Thread started = thread;
        if (started != null) {
            started.interrupt();
        }
    }
}
