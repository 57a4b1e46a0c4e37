package io.chela.openai.http;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.RunLimits;
import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Budget;
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
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The door on port 0, behind it a fake model, and a client with the right token.
final class TestDoor implements AutoCloseable {
    static final String TOKEN = "test-token";

    private final EdgeServer edge;
    private final HttpClient http = HttpClient.newHttpClient();
    private final LiveGateway live;

    private TestDoor(FakeModel model, StreamTimes times, Authenticator authenticator) {
        this(model, times, authenticator, EdgeLimits.DEFAULTS);
    }

    private TestDoor(FakeModel model, StreamTimes times, Authenticator authenticator, EdgeLimits limits) {
        var clock = Clock.systemUTC();
        var sessions = new Sessions(new MemoryStore(), clock);
        var runs = new Runs(clock, Budget.ofHeap());
        this.live = new LiveGateway(new Gateway(
                authenticator,
                new AgentRouter(List.of(agent("main"), agent("beta"))),
                new AgentRuntime(new Providers(Map.of("fake", model)), sessions, runs, RunLimits.DEFAULTS),
                sessions,
                List::of,
                new EdgeSettings(List.of("127.0.0.1"), 0, limits),
                List.of(new OpenAiHttpKeys(true, OpenAiHttpKeys.DEFAULT_READERS)),
                clock,
                "test"));
        this.edge = EdgeServer.start(live, Budget.ofHeap(), List.of(new OpenAiHttp(live, times)));
    }

    static TestDoor before(FakeModel model) {
        return before(model, StreamTimes.STANDARD);
    }

    static TestDoor before(FakeModel model, StreamTimes times) {
        return new TestDoor(model, times, new Authenticator(new TokenAuth(new Secret(TOKEN))));
    }

    static TestDoor before(FakeModel model, Authenticator authenticator) {
        return new TestDoor(model, StreamTimes.STANDARD, authenticator);
    }

    static TestDoor within(FakeModel model, EdgeLimits limits) {
        return new TestDoor(model, StreamTimes.STANDARD, new Authenticator(new TokenAuth(new Secret(TOKEN))), limits);
    }

    private static Agent agent(String id) {
        return new Agent(
                new AgentId(id),
                Optional.empty(),
                "You are " + id,
                new ModelRef("fake", "m"),
                List.of(),
                Set.of(),
                false);
    }

    Gateway gateway() {
        return live.now();
    }

    int port() {
        return edge.port();
    }

    /// Posts a body with the right token and these headers.
    HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        return send(request("/v1/chat/completions", headers).POST(BodyPublishers.ofString(body)));
    }

    /// A whole conversation of one user message, with more members.
    HttpResponse<String> ask(String text, String members, String... headers) throws IOException, InterruptedException {
        return post(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]"
                        + (members.isEmpty() ? "" : "," + members) + "}",
                headers);
    }

    HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Authorization", "Bearer " + TOKEN);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// Sends a request on a raw socket, and leaves the answer to the caller.
    ///
    /// @param headers whole lines
    Socket raw(String body, String... headers) throws IOException {
        var socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port());
        var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN + "\r\n"
                + Stream.of(headers).map(line -> line + "\r\n").collect(Collectors.joining())
                + "Content-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return socket;
    }

    @Override
    public void close() {
        gateway().runtime().runs().cancelAll();
        edge.close();
        http.close();
    }
}
