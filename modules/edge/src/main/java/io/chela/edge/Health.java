package io.chela.edge;

import io.chela.api.Json;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The paths that probes ask: is it alive, is it ready, has it started. Open to everybody.
///
/// What is not ready, and for how long it runs, is told to this machine alone, and only when no proxy stands between.
final class Health implements Feature {
    private static final List<HeaderName> FORWARDING = List.of(
            HeaderNames.FORWARDED,
            HeaderNames.X_FORWARDED_FOR,
            HeaderNames.X_FORWARDED_HOST,
            HeaderNames.X_FORWARDED_PROTO,
            HeaderNames.X_FORWARDED_PORT,
            HeaderNames.create("X-Real-IP"));

    private final Lifecycle lifecycle;

    Health(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public void route(HttpRouting.Builder http) {
        both(http, "/health", "/healthz", this::live);
        both(http, "/ready", "/readyz", this::ready);
        both(http, "/startup", "/startupz", this::startup);
    }

    private static void both(HttpRouting.Builder http, String path, String kubernetes, Handler handler) {
        Paths.only(http, path, Method.GET, handler);
        Paths.only(http, kubernetes, Method.GET, handler);
    }

    private void live(ServerRequest request, ServerResponse response) {
        send(response, 200, Json.object().put("ok", true).put("status", "live"));
    }

    private void ready(ServerRequest request, ServerResponse response) {
        List<String> failing = lifecycle.failing();
        var body = Json.object().put("ready", failing.isEmpty());
        if (isDirectAndLocal(request)) {
            var names = body.putArray("failing");
            failing.forEach(names::add);
            body.put("uptimeMs", lifecycle.uptime().toMillis());
        }
        send(response, failing.isEmpty() ? 200 : 503, body);
    }

    private void startup(ServerRequest request, ServerResponse response) {
        boolean ok = lifecycle.started() && !lifecycle.draining();
        String status = lifecycle.draining() ? "draining" : ok ? "started" : "starting";
        var body = Json.object().put("ok", ok).put("status", status);
        if (isDirectAndLocal(request)) {
            body.put("uptimeMs", lifecycle.uptime().toMillis());
        }
        send(response, ok ? 200 : 503, body);
    }

    private static boolean isDirectAndLocal(ServerRequest request) {
        return Line.CURRENT.get().isLoopback() && FORWARDING.stream().noneMatch(request.headers()::contains);
    }

    private static void send(ServerResponse response, int status, ObjectNode body) {
        response.header(HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store"));
        JsonAnswer.send(response, status, body);
    }
}
