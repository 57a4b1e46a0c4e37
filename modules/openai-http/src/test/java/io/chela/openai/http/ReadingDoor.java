package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.Accepted;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.RunLimits;
import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelRef;
import io.chela.api.Principal;
import io.chela.api.Role;
import io.chela.api.RunId;
import io.chela.api.Scope;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.auth.Authenticator;
import io.chela.edge.EdgeLimits;
import io.chela.edge.EdgeServer;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Gateway;
import io.chela.edge.LiveGateway;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.Grant;
import io.helidon.security.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The door on port 0 for one principal of the test's choice, before three agents: `beta`, `main` (which is also
/// `gpt-4o` and `सहायक`) and `gamma`.
final class ReadingDoor implements AutoCloseable {
    static final Principal READER = new Principal("reader", Set.of(Scope.READ, Scope.WRITE), Set.of());

    private static final String CREDENTIAL = "Bearer test-token";

    private final LiveGateway live;
    private final OpenAiHttp door;
    private final EdgeServer edge;
    private final HttpClient http = HttpClient.newHttpClient();

    private ReadingDoor(Principal principal, FakeModel model, Duration commentEvery, EdgeLimits limits) {
        var clock = Clock.systemUTC();
        var sessions = new Sessions(new MemoryStore(), clock);
        live = new LiveGateway(new Gateway(
                authenticator(principal),
                new AgentRouter(List.of(agent("beta"), agent("main", "सहायक", "gpt-4o"), agent("gamma"))),
                new AgentRuntime(
                        new Providers(Map.of("fake", model)),
                        sessions,
                        new Runs(clock, Budget.ofHeap()),
                        RunLimits.DEFAULTS),
                sessions,
                List::of,
                new EdgeSettings(List.of("127.0.0.1"), 0, limits),
                List.of(new OpenAiHttpKeys(true, OpenAiHttpKeys.DEFAULT_READERS)),
                clock,
                "test"));
        door = new OpenAiHttp(live, new StreamTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), commentEvery));
        edge = EdgeServer.start(live, Budget.ofHeap(), List.of(door));
    }

    static ReadingDoor of(Principal principal) {
        return of(principal, FakeModel.saying("Hel", "lo"));
    }

    static ReadingDoor of(Principal principal, FakeModel model) {
        return new ReadingDoor(principal, model, StreamTimes.STANDARD.eventSilence(), EdgeLimits.DEFAULTS);
    }

    /// With a comment after this silence.
    static ReadingDoor commenting(Duration every) {
        return new ReadingDoor(READER, FakeModel.saying("a"), every, EdgeLimits.DEFAULTS);
    }

    /// With this deadline for one write.
    static ReadingDoor writingWithin(Duration limit) {
        var all = EdgeLimits.DEFAULTS;
        var times = all.times();
        return new ReadingDoor(
                READER,
                FakeModel.saying("a"),
                StreamTimes.STANDARD.eventSilence(),
                new EdgeLimits(
                        all.bodyBytes(),
                        all.headerBytes(),
                        all.requestLineBytes(),
                        all.readAheadBytes(),
                        all.connections(),
                        new EdgeLimits.Times(times.headers(), times.body(), times.idle(), limit, times.shutdown())));
    }

    private static Agent agent(String id, String... aliases) {
        return new Agent(
                new AgentId(id), Optional.empty(), "", new ModelRef("fake", "m"), List.of(), Set.of(aliases), false);
    }

    private static Authenticator authenticator(Principal principal) {
        var subject = Subject.builder().principal(io.helidon.security.Principal.create(principal.id()));
        principal.scopes().forEach(scope -> subject.addGrant(grant("scope", scope.wire())));
        principal.agents().forEach(agent -> subject.addGrant(grant("agent", agent.value())));
        var known = subject.build();
        return new Authenticator(request ->
                request.env().headers().getOrDefault("Authorization", List.of()).contains(CREDENTIAL)
                        ? AuthenticationResponse.success(known)
                        : AuthenticationResponse.failed("no such credential"));
    }

    private static Grant grant(String type, String name) {
        return Grant.builder().type(type).name(name).build();
    }

    private Gateway gateway() {
        return live.now();
    }

    /// Puts the same gateway for another principal, or for nobody, in force, as reading the configuration
    /// again does.
    void replace(Principal principal, boolean open) {
        Gateway now = live.now();
        live.replace(new Gateway(
                authenticator(principal),
                now.router(),
                now.runtime(),
                now.sessions(),
                now.readiness(),
                now.edge(),
                List.of(new OpenAiHttpKeys(open, OpenAiHttpKeys.DEFAULT_READERS)),
                now.clock(),
                now.version()));
        edge.reread();
    }

    EventReaders readers() {
        return door.readers();
    }

    EdgeServer edge() {
        return edge;
    }

    /// Takes a turn of the agent `main` for an owner, to be played by the caller.
    Accepted accept(String owner, Optional<SessionKey> session) {
        var agent = gateway().router().agents().get(1);
        var messages = List.of(Message.of(Role.USER, "a secret question"));
        return gateway().runtime().accept(new Turn(RunId.random(), owner, agent, session, messages, Json.object()));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .header("Authorization", CREDENTIAL);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// Opens the events; who reads them is registered when this returns.
    EventStream events() throws IOException, InterruptedException {
        return new EventStream(http.send(request("/v1/events").build(), BodyHandlers.ofInputStream()));
    }

    /// Sends a GET on a socket of its own, for paths that no client library would send, and leaves the answer to
    /// the caller.
    Socket raw(String path) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + CREDENTIAL
                                + "\r\n\r\n")
                        .getBytes(UTF_8));
        return socket;
    }

    String rawAnswer(String path) throws IOException {
        try (var socket = raw(path)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        gateway().runtime().runs().cancelAll();
        edge.drain();
        edge.close();
        http.close();
    }
}
