package io.chela.gateway.ws;

import io.chela.api.Problem;
import io.chela.auth.Claim;
import io.chela.edge.Feature;
import io.chela.edge.Gateway;
import io.chela.edge.Line;
import io.chela.edge.LiveGateway;
import io.chela.edge.Problems;
import io.chela.edge.WsDoor;
import io.chela.edge.WsLimits;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.websocket.WsRouting;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// The door for OpenClaw's clients.
final class GatewayWs implements Feature {
    private final LiveGateway live;
    private final Clients clients;
    private final Map<String, Method> methods = new TreeMap<>();
    private final Hello hello;

    GatewayWs(LiveGateway live) {
        this.live = live;
        this.clients = new Clients(live);
        methods.put("health", new HealthMethod());
        methods.put("agents.list", new AgentsListMethod());
        methods.put("agent", new AgentMethod());
        methods.put("agent.wait", new AgentWaitMethod());
        methods.put("chat.abort", new ChatAbortMethod());
        Gateway gateway = live.now();
        hello = new Hello(gateway.clock(), methods.keySet());
        gateway.runtime().runs().observe(new RunFeeds(clients));
        clients.startTicking();
    }

    @Override
    public void route(HttpRouting.Builder http) {
        http.addFilter(this::beforeUpgrade);
    }

    /// Browsers send their page's origin: only a page of this machine, of this very host, or one that is
    /// configured may open a WebSocket. What the request shows is kept for its `connect`.
    private void beforeUpgrade(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        boolean upgrade = request.headers()
                .first(HeaderNames.UPGRADE)
                .filter("websocket"::equalsIgnoreCase)
                .isPresent();
        if (upgrade) {
            Gateway gateway = Gateway.of(request);
            Claim claim = gateway.claim(request);
            if (!gateway.allowsPage(claim)) {
                Problems.send(response, new Problem.Forbidden("This Origin may not open a WebSocket here."));
                return;
            }
            Line.CURRENT.get().attach(Claim.class, claim);
        }
        chain.proceed();
    }

    @Override
    public void upgrade(WsRouting.Builder ws) {
        ws.endpoint("/", WsDoor.with(WsLimits.DEFAULTS, () -> new Conversation(live, clients, methods, hello)));
    }

    @Override
    public void reread() {
        clients.reread();
    }

    @Override
    public void drain() {
        clients.drain();
    }

    @Override
    public void awaitDrained(Duration patience) throws InterruptedException {
        clients.awaitNone(patience);
    }
}
