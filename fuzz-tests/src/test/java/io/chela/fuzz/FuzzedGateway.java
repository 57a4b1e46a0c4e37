package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import io.chela.auth.Authenticator;
import io.chela.auth.TokenAuth;
import io.chela.edge.EdgeLimits;
import io.chela.edge.EdgeServer;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.Gateway;
import io.chela.edge.LiveGateway;
import io.chela.gateway.ws.GatewayWsProvider;
import io.chela.model.offline.OfflineProvider;
import io.chela.openai.http.OpenAiHttpProvider;
import io.chela.session.Sessions;
import io.chela.testkit.MemoryStore;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A gateway on a free port of the loopback address with both doors, a model that repeats what it hears,
/// and limits that an input of 4 KiB can reach.
final class FuzzedGateway {
    static final String TOKEN = "test-token";

    /// How long the gateway may take to end a connection whose caller has ended; the first waits for Jazzer, which
    /// rewrites each class as it is loaded.
    private static final int PATIENCE_MS = 60_000;

    /// How many connections one gateway gets: its store keeps every session.
    private static final int MOST_CALLS = 5_000;

    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final EdgeLimits LIMITS = new EdgeLimits(
            2048,
            1024,
            512,
            8 * 1024,
            16_384,
            new EdgeLimits.Times(SHORT, SHORT, SHORT, SHORT, Duration.ofMillis(200)));
    private static final byte[] CONTROL =
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);

    private final Faults.Log log = Faults.Log.listen();
    private EdgeServer edge = start();
    private int calls;

    private static EdgeServer start() {
        var clock = Clock.systemUTC();
        var sessions = new Sessions(new MemoryStore(), clock);
        var models = new OfflineProvider()
                .create(new ExtensionContext(
                        "offline", Settings.of(Config.empty()), Path.of("unused"), Path.of("unused")));
        Settings settings = Settings.of(
                Config.builder(ConfigSources.create(Map.of("gateway.http.endpoints.chatCompletions.enabled", "true")))
                        .disableEnvironmentVariablesSource()
                        .disableSystemPropertiesSource()
                        .build());
        List<FeatureProvider> doors = List.of(new OpenAiHttpProvider(), new GatewayWsProvider());
        var live = new LiveGateway(new Gateway(
                new Authenticator(new TokenAuth(new Secret(TOKEN))),
                new AgentRouter(List.of(agent("main"), agent("beta"))),
                new AgentRuntime(
                        new Providers(Map.of("offline", models)),
                        sessions,
                        new Runs(clock, Budget.ofHeap()),
                        RunLimits.DEFAULTS),
                sessions,
                List::of,
                new EdgeSettings(List.of("127.0.0.1"), 0, LIMITS),
                doors.stream().map(door -> door.read(settings)).toList(),
                clock,
                "test"));
        List<Feature> features = doors.stream().map(door -> door.open(live)).toList();
        return EdgeServer.start(live, Budget.ofHeap(), features);
    }

    private static Agent agent(String id) {
        return new Agent(
                new AgentId(id),
                Optional.empty(),
                "",
                new ModelRef("offline", "echo"),
                List.of(),
                Set.of(),
                id.equals("main"));
    }

    /// Sends bytes on a connection of their own, ends its sending side, and gives all that comes back; then
    /// calls once more to see that the next caller is served.
    ///
    /// @throws AssertionError when the connection stays open, the log tells of a failure, or the next
    ///     caller is not served
    byte[] answers(byte[] sent) {
        if (++calls % MOST_CALLS == 0) {
            edge.close();
            edge = start();
        }
        byte[] answers = call(sent);
        String next = new String(call(CONTROL), ISO_8859_1);
        Faults.check(next.startsWith("HTTP/1.1 200 "), () -> "does not serve the next caller: " + next);
        log.check();
        return answers;
    }

    private byte[] call(byte[] sent) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            send(socket, sent);
            return untilEnd(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(Socket socket, byte[] sent) {
        try {
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
        } catch (IOException _) {
            // It has refused what came first, and closed: what it said can still be read.
        }
    }

    private static byte[] untilEnd(InputStream in) {
        var all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open after " + PATIENCE_MS + " ms: " + all.toString(ISO_8859_1), e);
        } catch (IOException _) {
            // A reset is an end too.
        }
        return all.toByteArray();
    }
}
