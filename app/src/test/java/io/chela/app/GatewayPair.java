package io.chela.app;

import io.chela.api.Secret;
import io.chela.app.models.LocalServer;
import io.chela.app.models.ModelSearch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A whole gateway of this process on port 0, and a client with its token.
final class GatewayPair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunningGateway gateway;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token;

    private final Path config;

    private GatewayPair(RunningGateway gateway, Path config) throws IOException {
        this.gateway = gateway;
        this.config = config;
        Path file = gateway.stateFolder().resolve("token");
        this.token = Files.exists(file) ? Files.readString(file).strip() : "none";
    }

    /// A gateway whose only agent, `main`, asks the model at this base URL; its state is in the folder.
    static GatewayPair asking(String baseUrl, Path folder) throws IOException {
        return with("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents:
                  defaults: { model: home/m }
                  list: [ { id: main, instructions: Be brief. } ]
                models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                """.formatted(baseUrl), folder);
    }

    static GatewayPair with(String config, Path folder) throws IOException {
        return with(config, folder, Map.of());
    }

    /// Looks for a model in its own folder and environment alone, whatever else runs on this machine.
    static GatewayPair with(String config, Path folder, Map<String, String> environment) throws IOException {
        return searching(List.of(), config, folder, environment);
    }

    /// Looks for a model at these servers too.
    static GatewayPair searching(List<LocalServer> servers, String config, Path folder, Map<String, String> environment)
            throws IOException {
        return of(servers, Files.writeString(folder.resolve("chela-test.yaml"), config), folder, environment);
    }

    static GatewayPair of(Path file, Path folder, Map<String, String> environment) throws IOException {
        return of(List.of(), file, folder, environment);
    }

    private static GatewayPair of(List<LocalServer> servers, Path file, Path folder, Map<String, String> environment)
            throws IOException {
        return new GatewayPair(
                new Wiring(
                                options(file, folder),
                                environment,
                                Extensions.load(Optional.empty()),
                                Logging.silent(),
                                (models, variables) -> new ModelSearch(servers, PATIENCE, models, variables))
                        .start(),
                file);
    }

    static GatewayOptions options(Path config, Path folder) {
        return new GatewayOptions(
                Optional.of(config),
                Optional.of(0),
                Optional.empty(),
                Optional.of(folder.resolve("state")),
                Optional.empty());
    }

    /// Puts another text in the place of the configuration's, and has it read.
    void reread(String text) throws IOException {
        replace(text);
        gateway.reread();
    }

    /// Puts another text in the place of the configuration's, all of it at once.
    void replace(String text) throws IOException {
        Path next = Files.writeString(config.resolveSibling("next.yaml"), text);
        Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
    }

    RereadingLog log() {
        return new RereadingLog(gateway.stateFolder().resolve("logs/chela.log"));
    }

    RunningGateway gateway() {
        return gateway;
    }

    GatewayAddress address() {
        return address(token);
    }

    GatewayAddress address(String secret) {
        return new GatewayAddress(URI.create("ws://127.0.0.1:" + gateway.port()), Optional.of(new Secret(secret)));
    }

    HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + secret);
    }

    /// Posts a chat request with the token and these headers.
    HttpResponse<String> chat(String body, String... headers) throws IOException, InterruptedException {
        return chatAs(token, body, headers);
    }

    HttpResponse<String> chatAs(String secret, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .header("Authorization", "Bearer " + secret)
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// How a chat request with this secret is answered.
    int status(String secret) throws IOException, InterruptedException {
        return chatAs(secret, ConfigText.HI).statusCode();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    @Override
    public void close() {
        gateway.close();
        http.close();
    }
}
