package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.PemFiles;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway does when its configuration is read again.
class RereadingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HI = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static final String CHAT = "gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }\n";

    @TempDir
    private Path folder = Path.of("unset");

    /// A configuration with what a test changes.
    private record Text(String baseUrl, String auth, String agents, String rest) {
        static Text of(String baseUrl) {
            return new Text(baseUrl, "tokens: [ { id: app, token: app-token-1 } ]", "{ id: main }", "");
        }

        Text auth(String text) {
            return new Text(baseUrl, text, agents, rest);
        }

        Text agents(String text) {
            return new Text(baseUrl, auth, text, rest);
        }

        Text rest(String text) {
            return new Text(baseUrl, auth, agents, text);
        }

        String yaml() {
            return """
                    gateway:
                      auth: { %s }
                      http: { endpoints: { chatCompletions: { enabled: true } } }
                    agents: { defaults: { model: home/m }, list: [ %s ] }
                    models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                    %s
                    """.formatted(auth, agents, baseUrl, rest);
        }
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("state/logs/chela.log")).stream()
                .filter(line -> line.contains("Rereading"))
                .map(line -> Json.readObject(line).path("message").stringValue(""))
                .toList();
    }

    /// Waits for a line of the log.
    private String logged(String words) throws Exception {
        await(() -> find(words) > 0);
        return log().stream().filter(line -> line.contains(words)).findFirst().orElseThrow();
    }

    private long find(String words) {
        try {
            return log().stream().filter(line -> line.contains(words)).count();
        } catch (IOException _) {
            return 0;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.sleep(10);
        }
    }

    private static int status(GatewayPair pair, String token) throws Exception {
        return pair.chatAs(token, HI).statusCode();
    }

    @Test
    void agentsTokensLimitsAndPagesAreAsTheNextRequestFindsThem() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var other = ScriptedUpstream.saying("other");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            var text = Text.of(upstream.baseUrl());
            assertThat(status(pair, "app-token-1")).isEqualTo(200);

            pair.reread(text.agents("{ id: main, instructions: Be brief. }, { id: two, aliases: [ gpt-4o ] }")
                    .yaml());
            assertThat(pair.chat(HI.replace("openclaw", "gpt-4o")).headers().firstValue("x-openclaw-agent-id"))
                    .contains("two");
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
            assertThat(upstream.requests().getLast().body()).contains("Be brief.");

            pair.reread(text.auth("tokens: [ { id: app, token: app-token-2, scopes: [ operator.read ] } ]")
                    .yaml());
            assertThat(status(pair, "app-token-1")).isEqualTo(401);
            assertThat(status(pair, "app-token-2")).isEqualTo(403);

            pair.reread(text.rest("limits: { bodyBytes: 50 }").yaml());
            assertThat(pair.chat(HI).statusCode()).isEqualTo(413);
            assertThat(pair.chat(HI).body()).contains("50");

            pair.reread(text.agents("{ id: only }").yaml());
            assertThat(pair.chat(HI).headers().firstValue("x-openclaw-agent-id"))
                    .contains("only");

            pair.reread(Text.of(other.baseUrl()).yaml());
            assertThat(pair.chat(HI).body()).contains("other");
            assertThat(pair.gateway().countOpenModels()).isEqualTo(2);

            assertThat(pair.get("/healthz").headers().firstValue("vary")).isEmpty();
            pair.reread(text.yaml().replace("http: {", "http: { cors: { allowedOrigins: [ \"*\" ] },"));
            assertThat(pair.get("/healthz").headers().firstValue("vary")).contains("Origin");
        }
    }

    @Test
    void aMistakeKeepsWhatWasReadBeforeAndIsToldOnce() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            var text = Text.of(upstream.baseUrl());
            String bad = text.agents("{ id: main, modle: home/m }")
                    .rest("limits: { runSeconds: never }")
                    .yaml();
            pair.reread(bad);
            pair.gateway().reread();
            assertThat(logged("2 mistakes")).contains("agents.list[0].modle", "limits.runSeconds");
            assertThat(status(pair, "app-token-1")).isEqualTo(200);

            pair.reread("agents: [ {");
            pair.gateway().reread();
            assertThat(logged("a mistake")).contains("line 1");

            pair.reread(text.yaml().replace("home/m }", "home/x }"));
            assertThat(logged("home/x")).contains("the agent 'main' wants the model");

            pair.replace("");
            pair.gateway().reread();
            assertThat(logged("it is empty or gone")).isNotEmpty();
            assertThat(status(pair, "app-token-1")).isEqualTo(200);

            pair.reread(text.auth("tokens: [ { id: app, token: app-token-9 } ]").yaml());
            assertThat(logged("is in order")).endsWith("changed: gateway.auth.tokens[0].token");
            assertThat(status(pair, "app-token-9")).isEqualTo(200);
            pair.reread(bad);
            await(() -> find("2 mistakes") == 2);
            assertThat(find("a mistake:")).isEqualTo(3);
            assertThat(Files.readString(folder.resolve("state/logs/chela.log")))
                    .doesNotContain("app-token-1", "app-token-9");
        }
    }

    /// An environment in which something happens once, while a configuration is being read.
    private static Map<String, String> during(AtomicReference<Runnable> event) {
        return new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                return Set.of();
            }

            @Override
            public Set<String> keySet() {
                event.getAndSet(() -> {}).run();
                return Set.of();
            }
        };
    }

    @Test
    void aMistakeThatComesWhileAnotherIsReadIsToldToo() throws Exception {
        var event = new AtomicReference<Runnable>(() -> {});
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder, during(event))) {
            var text = Text.of(upstream.baseUrl());
            pair.replace(text.rest("limits: { runSeconds: never }").yaml());
            event.set(() -> {
                try {
                    pair.replace(text.rest("limits: { bodyBytes: few }").yaml());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            pair.gateway().reread();
            pair.gateway().reread();
            assertThat(logged("bodyBytes")).contains("a mistake: ");
            assertThat(find("bodyBytes")).isEqualTo(1);
        }
    }

    @Test
    void whatNeedsARestartIsToldOnceAndTheRestIsApplied() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            String next = Text.of(upstream.baseUrl())
                    .auth("mode: password, password: another-secret, tokens: [ { id: app, token: app-token-2 } ]")
                    .rest("session: { store: postgres }")
                    .yaml()
                    .replace("gateway:\n", "gateway:\n  bind: 127.0.0.2\n  port: 1\n");
            pair.reread(next);
            pair.gateway().reread();
            pair.reread(next.replace("id: main", "id: other"));
            // The port is given on the command line, so the file's does not count.
            assertThat(logged("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password, gateway.bind, session.store");
            assertThat(status(pair, "app-token-2")).isEqualTo(200);
            assertThat(status(pair, "another-secret")).isEqualTo(401);
            assertThat(pair.chat(HI).headers().firstValue("x-openclaw-agent-id"))
                    .contains("other");
            pair.reread(Text.of(upstream.baseUrl()).yaml());
            pair.reread(next);
            await(() -> find("started again") == 2);
        }
    }

    @Test
    void theChatDoorOpensAndCloses() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            String open = Text.of(upstream.baseUrl()).yaml();
            pair.reread(open.replace("enabled: true", "enabled: false"));
            assertThat(pair.chat(HI).statusCode()).isEqualTo(404);
            assertThat(pair.chat(HI).body()).isEqualTo(pair.get("/nothing").body());
            pair.reread(open);
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRunningTurnKeepsItsModelAndAnUntouchedProviderItsConnections() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var slow = ScriptedUpstream.answering(exchange -> {
                    exchange.stream();
                    exchange.text("be");
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                    exchange.text("gun");
                    exchange.finish("stop");
                    exchange.done();
                });
                var kept = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(both(slow, kept), folder)) {
            assertThat(pair.chat(HI).body()).contains("fine");
            var running = CompletableFuture.supplyAsync(() -> call(pair, HI.replace("openclaw", "agent:slow")));
            await(() -> !slow.requests().isEmpty());
            pair.reread(Text.of(kept.baseUrl()).yaml());
            assertThat(pair.gateway().countOpenModels()).isEqualTo(3); // home, slow and offline
            assertThat(pair.chat(HI.replace("openclaw", "agent:slow")).statusCode())
                    .isEqualTo(404);
            assertThat(pair.chat(HI).body()).contains("fine");
            assertThat(kept.connections()).isEqualTo(1);
            goOn.countDown();
            assertThat(running.get(30, TimeUnit.SECONDS).body()).contains("begun");
            await(() -> pair.gateway().countOpenModels() == 2);
            await(() -> slow.connections() == 0);
        }
    }

    private static String both(ScriptedUpstream slow, ScriptedUpstream kept) {
        return Text.of(kept.baseUrl())
                .agents("{ id: main, default: true }, { id: slow, model: slow/m }")
                .yaml()
                .replace("providers: {", "providers: { slow: { baseUrl: \"" + slow.baseUrl() + "\" },");
    }

    private static HttpResponse<String> call(GatewayPair pair, String body) {
        try {
            return pair.chat(body);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAddressThatIsLimitedStaysSo() throws Exception {
        var text = Text.of("http://127.0.0.1:1/v1");
        String few =
                text.auth("rateLimit: { maxAttempts: 2, lockoutMs: 600000 }").yaml();
        try (var pair = GatewayPair.with(few, folder)) {
            assertThat(status(pair, "wrong-1")).isEqualTo(401);
            assertThat(status(pair, "wrong-2")).isEqualTo(401);
            pair.reread(text.auth("rateLimit: { maxAttempts: 3, lockoutMs: 600000 }")
                    .yaml());
            assertThat(status(pair, "wrong-3")).isEqualTo(429);
        }
    }

    @Test
    void aSocketAndAReaderOfEventsLoseTheirPlaceWithTheirTokenAndOthersKeepIt() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder);
                var http = HttpClient.newHttpClient();
                var mine = GatewayClient.connect(pair.address(), "operator.read");
                var theirs = GatewayClient.connect(pair.address("app-token-1"), "operator.read")) {
            var events = http.send(pair.request("/v1/events", "app-token-1").build(), BodyHandlers.ofInputStream());
            assertThat(events.statusCode()).isEqualTo(200);
            pair.reread(Text.of(upstream.baseUrl()).auth("tokens: []").yaml());
            assertThat(events.body().readAllBytes()).isEmpty();
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    UsageException.class, () -> theirs.response("none", PATIENCE))
                            .text())
                    .contains("gateway auth changed");
            mine.send("2", "health", Json.object());
            assertThat(GatewayRefusal.ok(mine.response("2", PATIENCE))
                            .path("ok")
                            .booleanValue(false))
                    .isTrue();
        }
    }

    @Test
    void theGatewaysOwnTokenIsReadAgainFromItsFile() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
            Files.writeString(folder.resolve("state/token"), "rotated-by-hand-0123456789\n");
            pair.gateway().reread();
            assertThat(pair.chat(HI).statusCode()).isEqualTo(401);
            assertThat(status(pair, "rotated-by-hand-0123456789")).isEqualTo(200);
            assertThat(logged("state/token")).contains("changed: ");
        }
    }

    @Test
    void theLogChangesItsLevelAndItsPlace() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            var text = Text.of(upstream.baseUrl());
            pair.reread(text.rest("logging: { access: false }").yaml());
            pair.chat(HI, "x-request-id", "unseen");
            pair.reread(text.rest("logging: { file: other.log, format: text }").yaml());
            pair.chat(HI, "x-request-id", "seen");
            Path other = folder.resolve("state/other.log");
            await(() -> contains(other, "id=seen"));
            assertThat(contains(folder.resolve("state/logs/chela.log"), "unseen"))
                    .isFalse();
            assertThat(contains(folder.resolve("state/logs/chela.log"), "id=seen"))
                    .isFalse();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.exists(file) && Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFileThatChangesIsReadWithoutBeingAsked() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            pair.replace(Text.of(upstream.baseUrl()).agents("{ id: renamed }").yaml());
            await(() -> call(pair, HI)
                    .headers()
                    .firstValue("x-openclaw-agent-id")
                    .equals(java.util.Optional.of("renamed")));
            assertThat(logged("was read again")).contains("agents.list[0].id");
        }
    }

    @Test
    void aKeyThatOnlyTheEnvironmentSaysIsTakenAndToldByItsName() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine")) {
            dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=sk-number-1");
            for (String model : List.of("agents: { defaults: { model: openai/m } }", "logging: { access: false }")) {
                try (var pair = GatewayPair.with(CHAT + model, folder)) {
                    for (String key : List.of("sk-number-1", "sk-number-2", "sk-number-1")) {
                        dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=" + key);
                        pair.gateway().reread();
                        assertThat(pair.chat(HI).body()).contains("fine");
                        assertThat(upstream.requests().getLast().headers())
                                .containsEntry("authorization", "Bearer " + key);
                    }
                    assertThat(logged("was read again")).endsWith("changed: the variable OPENAI_API_KEY");
                }
            }
            assertThat(Files.readString(folder.resolve("state/logs/chela.log"))).doesNotContain("sk-number");
        }
    }

    @Test
    void aKeyThatWasMissingIsFoundOnceItIsThere() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(CHAT, folder)) {
            assertThat(pair.chat(HI).body()).doesNotContain("fine");
            dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=sk-number-1");
            pair.gateway().reread();
            assertThat(pair.chat(HI).body()).contains("fine");
        }
    }

    @Test
    void aVariableThatNoProviderUsesMakesNoProviderAnew() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            assertThat(pair.chat(HI).body()).contains("fine");
            dotEnv("OTHER=1");
            pair.gateway().reread();
            logged("the variable OTHER");
            assertThat(pair.chat(HI).body()).contains("fine");
            assertThat(upstream.connections()).isEqualTo(1);

            dotEnv("OTHER=1", "no_proxy=*");
            pair.gateway().reread();
            await(() -> upstream.connections() == 0);
        }
    }

    private void dotEnv(String... lines) throws IOException {
        Files.writeString(folder.resolve(".env"), String.join("\n", lines) + "\n");
    }

    @Test
    void whatGoesWithTheModeWaitsWithItAndIsNotSaidToHaveChanged() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(
                        Text.of(upstream.baseUrl()).auth("token: first-token").yaml(), folder)) {
            String next = Text.of(upstream.baseUrl())
                    .auth("password: second-secret")
                    .agents("{ id: other }")
                    .yaml()
                    .replace("gateway:\n", """
                            gateway:
                              trustedProxies: [ 127.0.0.1 ]
                              controlUi: { allowedOrigins: [ "https://new.example" ] }
                            """);
            pair.reread(next);
            pair.gateway().reread();
            assertThat(logged("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password, gateway.auth.token,"
                            + " gateway.controlUi.allowedOrigins, gateway.trustedProxies");
            assertThat(logged("was read again")).endsWith("changed: agents.list[0].id");
            assertThat(find("started again")).isEqualTo(1);
            assertThat(status(pair, "first-token")).isEqualTo(200);
            assertThat(status(pair, "second-secret")).isEqualTo(401);

            pair.reread(next.replace("second-secret", "third-secret"));
            await(() -> find("started again") == 2);
            assertThat(find("was read again")).isEqualTo(1);
        }
    }

    @Test
    void whatWaitedIsInForceOnceTheModeIsAsItWas() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(Text.of(upstream.baseUrl()).yaml(), folder)) {
            String[] page = {"x-forwarded-for", "192.0.2.1"};
            dotEnv("OPENCLAW_GATEWAY_PASSWORD=only-a-secret");
            pair.reread(Text.of(upstream.baseUrl())
                    .auth("rateLimit: { maxAttempts: 1, exemptLoopback: false }")
                    .yaml()
                    .replace("gateway:", "gateway:\n  trustedProxies: [ 127.0.0.1 ]"));
            assertThat(logged("started again"))
                    .endsWith(": gateway.auth.mode, gateway.auth.password," + " gateway.trustedProxies");
            assertThat(logged("was read again")).doesNotContain("OPENCLAW_GATEWAY_PASSWORD", "gateway.trustedProxies");
            dotEnv();
            pair.gateway().reread();
            assertThat(pair.chatAs("wrong", HI, page).statusCode()).isEqualTo(401);
            // The page's address is limited and not the proxy's, whose word counts now.
            assertThat(pair.chatAs("wrong", HI, page).statusCode()).isEqualTo(429);
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aProvidersPemFilesAreWatchedAndMakeItAnew() throws Exception {
        Path authority = Files.copy(PemFiles.make(folder, "old").certificate(), folder.resolve("ca.pem"));
        Path renewed = PemFiles.make(folder, "renewed").certificate();
        String text = Text.of("https://127.0.0.1:1/v1")
                .yaml()
                .replace("home: {", "home: { request: { tls: { caPath: \"" + authority + "\" } },");
        try (var pair = GatewayPair.with(text, folder)) {
            Files.writeString(authority, "no certificate");
            assertThat(logged("was not taken")).contains("models.providers.home.request.tls.caPath");
            Files.copy(renewed, authority, StandardCopyOption.REPLACE_EXISTING);
            assertThat(logged("is in order")).endsWith("changed: the files of models.providers.home");
            assertThat(pair.gateway().countOpenModels()).isEqualTo(2); // home anew, and offline
        }
    }
}
