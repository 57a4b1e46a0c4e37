package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Secret;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pushes marked secrets through a gateway of its own process on every way we know, and looks for them in all it
/// wrote.
class LogSecretsTest {
    /// In every secret and every message.
    private static final String MARK = "M4RKED";

    private static final String TOKEN = MARK + "-gateway-token";

    @TempDir
    private Path folder = Path.of("unset");

    private final AtomicInteger turn = new AtomicInteger();

    private String config(String baseUrl) {
        return """
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                logging: { level: trace }
                agents: { defaults: { model: home/m }, list: [ { id: main, instructions: "%1$s-instructions" } ] }
                models:
                  providers:
                    home:
                      baseUrl: "%2$s"
                      apiKey: "%1$s-provider-key"
                      headers: { X-Extra: "Key %1$s-provider-header" }
                      models: [ { id: m } ]
                """.formatted(MARK, baseUrl);
    }

    /// Fails in a new way each time, with our key and the caller's words in its answer.
    private void fail(ScriptedUpstream.Exchange exchange) throws IOException {
        String echo = exchange.request().headers() + exchange.request().body();
        String error = Json.write(Json.object().set("error", Json.object().put("message", echo)));
        switch (turn.getAndIncrement() % 8) {
            case 0 -> exchange.json(400, error);
            case 1 -> exchange.json(401, error);
            case 2 -> exchange.json(500, "<html>" + echo + "</html>");
            case 3 -> exchange.json(200, error, "X-Echo", "sk-" + MARK);
            case 4 -> exchange.raw("no status line " + MARK + "\r\n\r\n");
            case 5 -> {
                exchange.stream();
                exchange.event(error);
                exchange.end();
            }
            case 6 -> {
                exchange.stream();
                exchange.event("{not json " + MARK);
                exchange.cut();
            }
            default -> exchange.say(MARK + "-answer");
        }
    }

    private static String post(String path, String body, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\n"
                + String.join(
                        "", Stream.of(headers).map(header -> header + "\r\n").toList()) + "\r\n" + body;
    }

    private static String chat(String more) {
        return "{\"model\":\"openclaw\"," + more + "\"messages\":[{\"role\":\"user\",\"content\":\"" + MARK
                + " my diary\"}]}";
    }

    private static List<String> requests() {
        String right = "aUTHORIZATION: bEARER " + TOKEN;
        String path = "/v1/chat/completions";
        return List.of(
                post(path, chat(""), "Authorization: Bearer " + MARK + "-wrong"),
                post(path, chat(""), "AUTHORIZATION: basic " + MARK),
                post(path, chat(""), "authorization: " + MARK, "X-Api-Key: " + MARK),
                post(path + "?token=" + MARK + "&key=sk-" + MARK, chat(""), right),
                post("/v1/sk-" + MARK + "-in-path", chat(""), right),
                post("/v1/Bearer%20" + MARK + "/x", chat(""), right),
                post(path, chat(""), right, "x-request-id: Bearer " + MARK),
                post(path, chat(""), right, "x-openclaw-session-key: " + MARK + "-session"),
                post(path, chat("\"user\":\"" + MARK + "\","), right),
                post(path, chat("\"temperature\":\"" + MARK + "\","), right),
                post(path, "{\"messages\": " + MARK, right),
                post(path, "{\"model\":\"" + MARK + "\",\"messages\":[]}", right),
                post(path, chat(""), right, "x-openclaw-agent-id: " + MARK),
                post(path, "{\"messages\":\"" + MARK + "\"}", right),
                post(path, chat(""), right, "Expect: " + MARK),
                post(path, chat(""), right, "Transfer-Encoding: " + MARK),
                "GET http://me:" + MARK + "@host/?key=" + MARK + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /?x=" + MARK + " HTTP/1.0\r\nAuthorization: Bearer " + MARK + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nAuthorization : Bearer " + MARK + "\r\n\r\n",
                "GET /a\r\nb HTTP/1.1\r\nAuthorization: Bearer " + MARK + "\r\n\r\n");
    }

    private static void send(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // the gateway may hang up on what is no HTTP
        }
    }

    private static void ask(int port, String token) {
        var address = new GatewayAddress(URI.create("ws://127.0.0.1:" + port), Optional.of(new Secret(token)));
        var message = Json.object().put("message", MARK).put("idempotencyKey", "run-" + System.nanoTime());
        try {
            AgentCommand.ask(address, message);
        } catch (UsageException _) {
            // a wrong token; what the gateway wrote counts
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Path> written() throws IOException {
        try (Stream<Path> logs = Files.list(folder.resolve("state/logs"))) {
            return Stream.concat(logs, Stream.of(folder.resolve("out"), folder.resolve("err")))
                    .toList();
        }
    }

    @Test
    void areInNoFileAndOnNoStreamWhateverHappens() throws Exception {
        try (var upstream = ScriptedUpstream.answering(this::fail);
                var gateway = GatewayProcess.start(folder, config(upstream.baseUrl()), "--token", TOKEN)) {
            int port = gateway.port();
            for (int round = 0; round < 8; round++) {
                send(port, post("/v1/chat/completions", chat(""), "Authorization: Bearer " + TOKEN));
                send(port, post("/v1/chat/completions", chat("\"stream\":true,"), "Authorization: Bearer " + TOKEN));
                ask(port, TOKEN);
            }
            ask(port, MARK + "-wrong");
            for (String request : requests()) {
                send(port, request);
            }
            assertThat(upstream.requests()).hasSizeGreaterThan(24);
            assertThat(gateway.stop()).isZero();
            assertThat(gateway.err()).contains("--token-file", "OPENCLAW_GATEWAY_TOKEN");
        }
        for (Path file : written()) {
            assertThat(Files.readString(file)).as(file.toString()).isNotEmpty().doesNotContain(MARK, "my diary");
        }
    }

    @Test
    void tellsOnStandardErrorWhatItTellsInTheFileUntilTheProcessEnds() throws Exception {
        int requests = 20;
        try (var gateway = GatewayProcess.start(folder, "{}")) {
            int port = gateway.port();
            for (int i = 0; i < requests; i++) {
                send(port, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            }
            assertThat(gateway.stop()).isZero();
            assertThat(gateway.err().lines().map(Json::readObject)).hasSize(requests);
            assertThat(folder.resolve("state/logs/chela.log")).hasContent(gateway.err());
        }
    }
}
