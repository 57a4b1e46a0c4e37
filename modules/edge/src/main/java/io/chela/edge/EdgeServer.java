package io.chela.edge;

import io.chela.api.Budget;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The running listener: one port on one or more addresses, and the doors behind it.
public final class EdgeServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EdgeServer.class.getName());

    /// Lines have deadlines of their own; Helidon's would close a connection whose handler takes longer.
    private static final Duration NEVER = Duration.ofDays(365);

    /// Bodies have a limit of our own, which may change.
    private static final long ANY_SIZE = -1;

    private static final int MAX_FRAME_BYTES = 32 * 1024 * 1024;

    private final LiveGateway live;
    private final List<Feature> features;
    private final Lifecycle lifecycle;
    private final Lines lines;
    private final List<WebServer> servers = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    private EdgeServer(LiveGateway live, Budget budget, List<Feature> features) {
        this.live = live;
        this.features = List.copyOf(features);
        this.lifecycle = new Lifecycle(live);
        var ws = WsConfig.builder().maxFrameLength(MAX_FRAME_BYTES).build();
        this.lines = new Lines(live, budget, ws);
        try {
            listen(live.now().edge(), ws);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Finds out early whether [#start] could bind the first host.
    ///
    /// Throws an [IllegalStateException] with a sentence for the operator when not.
    public static void check(List<String> hosts, int port) {
        Ports.check(hosts.getFirst(), port);
    }

    /// Starts listening; returns when callers can connect.
    ///
    /// Throws an [IllegalStateException] with a sentence for the operator when the first host cannot be bound.
    ///
    /// @param live what it says of the edge now decides where to listen, and whether with TLS; the rest may
    ///     change
    public static EdgeServer start(LiveGateway live, Budget budget, List<Feature> features) {
        return new EdgeServer(live, budget, features);
    }

    private void listen(EdgeSettings settings, WsConfig ws) {
        var http = http();
        var sockets = WsRouting.builder();
        features.forEach(feature -> feature.upgrade(sockets));
        var tls = settings.web().tls().isPresent() ? TlsListener.speaking(live) : TlsListener.SILENT;
        int port = settings.port();
        for (String host : settings.hosts()) {
            try {
                InetAddress address = Ports.check(host, port);
                WebServer server = server(settings.limits().times(), ws)
                        .tls(tls)
                        // With NIO a connection keeps two buffers of 8 KiB, without it one; but without it TLS
                        // would shake hands before there is a Line, without a deadline.
                        .useNio(tls.enabled())
                        .address(address)
                        .port(port)
                        .addRouting(http)
                        .addRouting(sockets)
                        .build()
                        .start();
                if (!server.isRunning()) {
                    throw Ports.inUse(host, port);
                }
                servers.add(server);
                port = server.port();
                addresses.add(Ports.print(host, port));
            } catch (IllegalStateException e) {
                if (servers.isEmpty()) {
                    throw e;
                }
                LOG.log(System.Logger.Level.WARNING, e.getMessage() + "; listening without it");
            }
        }
    }

    private HttpRouting.Builder http() {
        var guard = new Guard(live, lifecycle);
        var http = HttpRouting.builder().addFilter(guard).error(Throwable.class, Failures::answer);
        new Health(lifecycle).route(http);
        features.forEach(feature -> feature.route(http));
        return http;
    }

    private WebServerConfig.Builder server(EdgeLimits.Times times, WsConfig ws) {
        return WebServer.builder()
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addProtocol(ws)
                .addConnectionSelector(lines)
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .directHandlers(ServerErrors.handlers(live))
                .maxPayloadSize(ANY_SIZE)
                .idleConnectionTimeout(NEVER)
                .shutdownGracePeriod(times.shutdown());
    }

    /// The one port of all addresses.
    public int port() {
        return servers.getFirst().port();
    }

    /// What is bound, such as `127.0.0.1:18789` and `[::1]:18789`.
    public List<String> addresses() {
        return List.copyOf(addresses);
    }

    /// Another gateway is in force: the doors look who may stay. Returns soon.
    public void reread() {
        features.forEach(Feature::reread);
    }

    /// Begins the end: `/readyz` says so, every answer closes its connection, the doors tell theirs. Returns
    /// soon.
    public void drain() {
        lifecycle.drain();
        features.forEach(Feature::drain);
    }

    /// Gives the doors so long each to part from their callers, once nothing runs any more.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    public void awaitDrained(Duration patience) throws InterruptedException {
        for (Feature feature : features) {
            feature.awaitDrained(patience);
        }
    }

    /// Stops listening, gives requests [EdgeLimits.Times#shutdown()] to end, then ends them.
    @Override
    public void close() {
        var stops = servers.stream()
                .map(server -> Thread.ofVirtual().name("edge-stop").start(server::stop))
                .toList();
        boolean interrupted = false;
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        lines.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
