package io.chela.edge;

import io.chela.api.Budget;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A server on a free port of the loopback address with one door, and clients to it.
final class TestEdge implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(400);

    private final EdgeServer server;
    private final Wire wire;

    private TestEdge(EdgeServer server, Wire wire) {
        this.server = server;
        this.wire = wire;
    }

    static TestEdge with(Consumer<HttpRouting.Builder> routes) {
        return with(routes, limits -> limits);
    }

    static TestEdge with(Consumer<HttpRouting.Builder> routes, UnaryOperator<EdgeLimits> change) {
        return behind(feature(routes, _ -> {}), change);
    }

    static TestEdge behind(Feature feature, UnaryOperator<EdgeLimits> change) {
        return behind(Wire.PLAIN, feature, change);
    }

    static TestEdge behind(Wire wire, Feature feature, UnaryOperator<EdgeLimits> change) {
        return behind(new EdgeSettings.Web(wire.identity(), Cors.OFF, Optional.empty()), feature, change);
    }

    static TestEdge behind(EdgeSettings.Web web, Feature feature, UnaryOperator<EdgeLimits> change) {
        var settings = new EdgeSettings(List.of("127.0.0.1"), 0, change.apply(patient()), web);
        Wire wire = web.tls().isPresent() ? Wire.TLS : Wire.PLAIN;
        return new TestEdge(EdgeServer.start(TestGateway.live(settings), Budget.ofHeap(), List.of(feature)), wire);
    }

    /// One before a gateway that the test may replace.
    static TestEdge before(LiveGateway live, Feature feature) {
        Wire wire = live.now().edge().web().tls().isPresent() ? Wire.TLS : Wire.PLAIN;
        return new TestEdge(EdgeServer.start(live, Budget.ofHeap(), List.of(feature)), wire);
    }

    /// One whose callers share this budget.
    static TestEdge within(Budget budget, Feature feature) {
        var settings = new EdgeSettings(List.of("127.0.0.1"), 0, patient());
        return new TestEdge(EdgeServer.start(TestGateway.live(settings), budget, List.of(feature)), Wire.PLAIN);
    }

    static TestEdge with(Wire wire, Consumer<HttpRouting.Builder> routes) {
        return with(wire, routes, limits -> limits);
    }

    static TestEdge with(Wire wire, Consumer<HttpRouting.Builder> routes, UnaryOperator<EdgeLimits> change) {
        return behind(wire, feature(routes, _ -> {}), change);
    }

    static Feature feature(Consumer<HttpRouting.Builder> routes, Consumer<WsRouting.Builder> upgrades) {
        return new Feature() {
            @Override
            public void route(HttpRouting.Builder http) {
                routes.accept(http);
            }

            @Override
            public void upgrade(WsRouting.Builder ws) {
                upgrades.accept(ws);
            }
        };
    }

    /// The defaults, but a test does not wait ten seconds for its end.
    private static EdgeLimits patient() {
        var times = EdgeLimits.Times.DEFAULTS;
        return times(
                EdgeLimits.DEFAULTS,
                new EdgeLimits.Times(times.headers(), times.body(), times.idle(), times.write(), SHORT));
    }

    /// Short limits for all that follows a request's head: a caller has the usual time to get that far, also over TLS.
    static EdgeLimits impatient(EdgeLimits limits) {
        return times(limits, new EdgeLimits.Times(limits.times().headers(), SHORT, SHORT, SHORT, SHORT));
    }

    /// Every limit is this, from the moment a caller connects.
    static UnaryOperator<EdgeLimits> each(Duration time) {
        return limits -> times(limits, new EdgeLimits.Times(time, time, time, time, SHORT));
    }

    static EdgeLimits times(EdgeLimits limits, EdgeLimits.Times times) {
        return new EdgeLimits(
                limits.bodyBytes(),
                limits.headerBytes(),
                limits.requestLineBytes(),
                limits.readAheadBytes(),
                limits.connections(),
                times);
    }

    static EdgeLimits bodyBytes(EdgeLimits limits, long bytes) {
        return new EdgeLimits(
                bytes,
                limits.headerBytes(),
                limits.requestLineBytes(),
                limits.readAheadBytes(),
                limits.connections(),
                limits.times());
    }

    /// Polls until it holds, for at most ten seconds.
    static boolean soon(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            LockSupport.parkNanos(1_000_000); // what is waited for may need this core
        }
        return true;
    }

    EdgeServer server() {
        return server;
    }

    RawClient client() {
        return new RawClient("127.0.0.1", server.port(), wire::over);
    }

    /// One without TLS, whatever the server speaks.
    RawClient plainClient() {
        return new RawClient(server.port());
    }

    @Override
    public void close() {
        server.close();
    }
}
