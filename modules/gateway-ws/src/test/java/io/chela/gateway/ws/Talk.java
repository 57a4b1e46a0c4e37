package io.chela.gateway.ws;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.RunLimits;
import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.api.Secret;
import io.chela.auth.Authenticator;
import io.chela.auth.TokenAuth;
import io.chela.edge.EdgeLimits;
import io.chela.edge.EdgeServer;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Gateway;
import io.chela.edge.LiveGateway;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A gateway with a fake model behind the door, and one client that talks to it frame by frame.
final class Talk implements AutoCloseable {
    static final String TOKEN = "test-token";

    private static final long PATIENCE_SECONDS = 10;

    private final LiveGateway live;
    private final EdgeServer edge;
    private final HttpClient http = HttpClient.newHttpClient();

    private Talk(FakeModel model, Authenticator authenticator, Clock clock) {
        var sessions = new Sessions(new MemoryStore(), clock);
        var agent = new Agent(
                new AgentId("main"),
                Optional.of("Main"),
                "Be brief.",
                new ModelRef("fake", "m"),
                List.of(),
                Set.of(),
                true);
        live = new LiveGateway(new Gateway(
                authenticator,
                new AgentRouter(List.of(agent)),
                new AgentRuntime(
                        new Providers(Map.of("fake", model)),
                        sessions,
                        new Runs(clock, Budget.ofHeap()),
                        RunLimits.DEFAULTS),
                sessions,
                List::of,
                new EdgeSettings(List.of("127.0.0.1"), 0, EdgeLimits.DEFAULTS),
                List.of(GatewayWsKeys.DEFAULTS),
                clock,
                "test"));
        edge = EdgeServer.start(live, Budget.ofHeap(), List.of(new GatewayWs(live)));
    }

    static Talk with(FakeModel model) {
        return with(model, new Authenticator(new TokenAuth(new Secret(TOKEN))));
    }

    static Talk with(FakeModel model, Authenticator authenticator) {
        return with(model, authenticator, Clock.systemUTC());
    }

    static Talk with(FakeModel model, Authenticator authenticator, Clock clock) {
        return new Talk(model, authenticator, clock);
    }

    Gateway gateway() {
        return live.now();
    }

    /// Puts the same gateway with other credentials in force, as reading the configuration again does.
    void replace(Authenticator authenticator) {
        Gateway now = live.now();
        live.replace(new Gateway(
                authenticator,
                now.router(),
                now.runtime(),
                now.sessions(),
                now.readiness(),
                now.edge(),
                now.keys(),
                now.clock(),
                now.version()));
        edge.reread();
    }

    EdgeServer edge() {
        return edge;
    }

    HttpClient http() {
        return http;
    }

    /// Opens a WebSocket that has said nothing yet; the challenge is the first frame it reads.
    Peer open(String... headers) throws Exception {
        var peer = new Peer();
        var builder = http.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        peer.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + edge.port() + "/"), peer)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return peer;
    }

    /// Opens a WebSocket and connects with the right token and these scopes.
    Peer connect(String... scopes) throws Exception {
        return connectWith(TOKEN, scopes);
    }

    Peer connectWith(String token, String... scopes) throws Exception {
        Peer peer = open();
        peer.frame();
        ObjectNode params = Peer.connectParams(token);
        var asked = params.putArray("scopes");
        List.of(scopes).forEach(asked::add);
        peer.hello = peer.call("connect", params);
        return peer;
    }

    @Override
    public void close() {
        gateway().runtime().runs().cancelAll();
        edge.close();
        http.shutdownNow();
    }

    /// The client's end of one WebSocket.
    static final class Peer implements WebSocket.Listener {
        private final BlockingQueue<ObjectNode> frames = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final StringBuilder partial = new StringBuilder();
        private final List<ObjectNode> skipped = new ArrayList<>();
        private @Nullable WebSocket socket;
        private ObjectNode hello = Json.object();
        private int nextId = 1;

        static ObjectNode connectParams(String token) {
            ObjectNode params = Json.object().put("minProtocol", 4).put("maxProtocol", 4);
            params.putObject("client")
                    .put("id", "cli")
                    .put("mode", "cli")
                    .put("version", "1")
                    .put("platform", "linux");
            params.putObject("auth").put("token", token);
            return params;
        }

        ObjectNode hello() {
            return hello;
        }

        void send(String text) {
            if (socket != null) {
                socket.sendText(text, true).join();
            }
        }

        /// Sends a request; its id.
        String request(String method, ObjectNode params) {
            String id = "r" + nextId++;
            ObjectNode frame = Json.object().put("type", "req").put("id", id).put("method", method);
            frame.set("params", params);
            send(Json.write(frame));
            return id;
        }

        /// Sends a request and waits for its first response.
        ObjectNode call(String method, ObjectNode params) throws Exception {
            return response(request(method, params));
        }

        /// The next response to a request; events before it are kept for [#events].
        ObjectNode response(String id) throws Exception {
            return until(frame -> frame.path("type").stringValue("").equals("res")
                    && frame.path("id").stringValue("").equals(id));
        }

        /// Reads until an event of this name whose payload has this text somewhere.
        ObjectNode event(String name, String text) throws Exception {
            return until(frame -> frame.path("event").stringValue("").equals(name)
                    && frame.toString().contains(text));
        }

        private ObjectNode until(Predicate<ObjectNode> wanted) throws Exception {
            while (true) {
                ObjectNode frame = frame();
                if (wanted.test(frame)) {
                    return frame;
                }
                skipped.add(frame);
            }
        }

        /// The events that were read while waiting for something else, by name.
        List<ObjectNode> events(String name) {
            return skipped.stream()
                    .filter(frame -> frame.path("event").stringValue("").equals(name))
                    .toList();
        }

        ObjectNode frame() throws Exception {
            ObjectNode frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame came; read so far: " + skipped);
            }
            return frame;
        }

        /// Tells whether a frame has come that was not read yet.
        boolean hasFrame() {
            return !frames.isEmpty();
        }

        /// How the gateway closed the socket: `code reason`.
        String closing() throws Exception {
            return closed.get(20, TimeUnit.SECONDS);
        }

        /// Closes the socket as a client does that needs it no more, and waits until it is.
        void bye() throws Exception {
            if (socket != null) {
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
            }
            closing();
        }

        void hangUp() {
            if (socket != null) {
                socket.abort();
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                frames.add(Json.readObject(partial.toString()));
                partial.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code + " " + reason);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
