package io.chela.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.LogLine;
import io.chela.api.Problem;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1RoutedUpgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsUpgrader;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Makes every accepted connection a [Connection], refuses the ones too many, and ends those whose time is over.
final class Lines implements ServerConnectionSelector, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lines.class.getName());
    private static final Duration REAP_EVERY = Duration.ofMillis(100);

    /// What connections that were told to end are given to do so: Helidon does not wait for those that it interrupts.
    private static final Duration ENDING = Duration.ofSeconds(1);

    private final LiveGateway live;
    private final Http1ConnectionSelector http;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Budget budget;
    private final Outboxes outboxes;
    private final Room room = new Room(Runtime.getRuntime().maxMemory());
    private final Thread reaper;
    private volatile @Nullable Thread closer;
    private volatile boolean closed;

    Lines(LiveGateway live, Budget budget, WsConfig ws) {
        this.live = live;
        this.budget = budget;
        this.outboxes = new Outboxes(budget);
        this.http = http(limits(), ws);
        this.reaper = Thread.ofPlatform().daemon().name("line-reaper").start(this::reap);
    }

    @SuppressWarnings("removal") // the switches are going away, the loggers they switch are still on
    private static Http1ConnectionSelector http(EdgeLimits limits, WsConfig ws) {
        return Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .maxPrologueLength(2 * limits.requestLineBytes()) // Framing has refused before
                        .maxHeadersSize(2 * limits.headerBytes())
                        .validateRequestHeaders(false)
                        .receiveLog(false)
                        .sendLog(false)
                        .build())
                .addUpgrader(new QuietUpgrader((Http1RoutedUpgrader) WsUpgrader.create(ws)))
                .build();
    }

    /// Those in force; what is not configurable in them never changes.
    EdgeLimits limits() {
        return live.now().edge().limits();
    }

    Room room() {
        return room;
    }

    /// Tells whether a connection should end with its answer, to make room for others.
    boolean isNarrow(boolean secure) {
        return room.isNarrow(open.size(), secure);
    }

    /// Helidon's HTTP/1.1 for the requests that are about to come.
    ServerConnection http(LineContext line) {
        return http.connection(line);
    }

    void add(Connection connection) {
        open.add(connection);
    }

    void remove(Connection connection) {
        open.remove(connection);
        LockSupport.unpark(closer);
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        if (open.size() >= limits().connections() || room.isFull(open.size(), context.isSecure())) {
            new LogLine()
                    .text("refused", "connection")
                    .number("open", open.size())
                    .floods("connection refused")
                    .log(LOG, System.Logger.Level.WARNING);
            refuse(context);
        }
        return new Connection(context, this);
    }

    private void refuse(ConnectionContext context) {
        if (context.isSecure()) {
            Thread.currentThread().interrupt(); // the close that follows must not wait for a handshake
        } else {
            context.dataWriter().writeNow(full()); // fits into the empty send buffer, so it does not block
        }
        throw new CloseConnectionException("too many connections");
    }

    private BufferData full() {
        byte[] body = Json.writeBytes(Problems.body(
                new Problem.Unavailable("limits.connections", "Too many connections.", Duration.ofSeconds(1))));
        var headers = ServerResponseHeaders.create();
        new AnswerHeaders(live.now().edge().web()).stamp(headers, Exchange.freshId());
        headers.set(HeaderValues.CONNECTION_CLOSE);
        headers.set(HeaderValues.create(HeaderNames.RETRY_AFTER, 1));
        headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, JsonAnswer.CONTENT_TYPE));
        headers.set(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
        var answer = BufferData.growing(1024);
        answer.write("HTTP/1.1 503 Service Unavailable\r\n".getBytes(US_ASCII));
        headers.forEach(header -> header.writeHttp1Header(answer));
        answer.write("\r\n".getBytes(US_ASCII));
        answer.write(body);
        return answer;
    }

    Budget budget() {
        return budget;
    }

    Outboxes outboxes() {
        return outboxes;
    }

    private void reap() {
        while (!closed) {
            LockSupport.parkNanos(REAP_EVERY.toNanos());
            long now = System.nanoTime();
            open.forEach(connection -> expire(connection, now));
        }
    }

    /// One connection's failure must not take the deadlines of all others away.
    private static void expire(Connection connection, long now) {
        try {
            connection.expire(now);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a connection's deadline failed", e);
        }
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    /// To be called when all connections were told to end; returns when they have, or soon.
    @Override
    public void close() {
        closer = Thread.currentThread();
        long until = System.nanoTime() + ENDING.toNanos();
        while (!open.isEmpty() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
        closed = true;
        LockSupport.unpark(reaper);
    }
}
