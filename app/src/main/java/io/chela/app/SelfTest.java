package io.chela.app;

import io.chela.api.Secret;
import io.chela.app.models.LocalServer;
import io.chela.app.models.ModelSearch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `chela self-test`: starts a gateway in a folder of its own, asks it over both protocols, and says whether it
/// answered.
///
/// The build trains the AOT cache with it, so it walks the paths of everyday use. Nothing leaves the process.
final class SelfTest {
    /// Enough for the frequent paths to be seen as frequent.
    private static final int ROUNDS = 20;

    /// Fewer than limit an address.
    private static final int WRONG_ROUNDS = 5;

    /// Of a service that nobody has had for decades.
    private static final int UNUSED_PORT = 1;

    private static final String CONFIG = """
            gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
            agents: { list: [ { id: main, instructions: "You are a self-test." } ] }
            """;

    private SelfTest() {}

    static void run() throws IOException, InterruptedException {
        Logging logging = Logging.onConsole(System.err); // as a gateway's start does, so that the cache has it
        Path folder = Files.createTempDirectory("chela-self-test");
        try {
            Path config = Files.writeString(folder.resolve("self-test.yaml"), CONFIG);
            var options = new GatewayOptions(
                    Optional.of(config),
                    Optional.of(0),
                    Optional.empty(),
                    Optional.of(folder.resolve("state")),
                    Optional.empty());
            var wiring = new Wiring(
                    options, Map.of(), Extensions.load(Extensions.inImage()), logging, SelfTest::searchOfNobody);
            try (var gateway = wiring.start()) {
                gateway.awaitModel();
                StartBlock.lines(gateway, 0).forEach(System.out::println);
                ask(gateway);
            }
        } finally {
            delete(folder);
        }
        System.out.println("chela self-test ok");
    }

    /// Walks the search for a model, and finds none whatever runs on this machine.
    private static ModelSearch searchOfNobody(Path models, Map<String, String> environment) {
        return new ModelSearch(List.of(new LocalServer("nobody", UNUSED_PORT)), LocalServer.LIMIT, models, environment);
    }

    private static void ask(RunningGateway gateway) throws IOException, InterruptedException {
        Secret token = gateway.credentials().madeNow().orElseThrow();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int round = 0; round < ROUNDS; round++) {
                expect(http, gateway, token, "\"stream\":false", "\"chat.completion\"");
                expect(http, gateway, token, "\"stream\":true", "data: [DONE]");
                expect(http, gateway, token, "\"user\":\"me\"", "You said");
                if (round < WRONG_ROUNDS) {
                    expect(http, gateway, new Secret("wrong"), "\"stream\":false", "Unauthorized");
                }
            }
        }
        var address = new GatewayAddress(URI.create("ws://127.0.0.1:" + gateway.port()), Optional.of(token));
        AgentCommand.ask(
                address, io.chela.api.Json.object().put("message", "hi").put("idempotencyKey", "self-test"));
    }

    private static void expect(HttpClient http, RunningGateway gateway, Secret token, String member, String words)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + token.reveal())
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"openclaw\"," + member
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build();
        String body = http.send(request, BodyHandlers.ofString()).body();
        if (!body.contains(words)) {
            throw UsageException.failed("chela: the self-test expected " + words + " and got: " + body);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
