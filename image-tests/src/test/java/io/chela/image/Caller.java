package io.chela.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/// An HTTP client of one gateway.
final class Caller implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SESSION = "x-openclaw-session-key";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final String token;

    Caller(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /// A request body of one user message.
    static ObjectNode body(String text) {
        ObjectNode body = Json.object().put("model", "openclaw");
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    /// The text of an answer; fails when it is none.
    static String text(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return Json.readObject(answer.body()).at("/choices/0/message/content").stringValue();
    }

    /// Says one thing, in no session.
    HttpResponse<String> say(String text) throws IOException, InterruptedException {
        return send(body(text));
    }

    /// Says one thing in a session.
    HttpResponse<String> say(String text, String sessionKey) throws IOException, InterruptedException {
        return send(body(text), SESSION, sessionKey);
    }

    HttpResponse<String> send(ObjectNode body, String... headers) throws IOException, InterruptedException {
        return http.send(request(body, headers), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sending(ObjectNode body, String... headers) {
        return http.sendAsync(request(body, headers), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> saying(String text, String sessionKey) {
        return sending(body(text), SESSION, sessionKey);
    }

    private HttpRequest request(ObjectNode body, String... headers) {
        var request = HttpRequest.newBuilder(uri("127.0.0.1", "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body)));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    HttpResponse<String> get(String host, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(host, path)).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private URI uri(String host, String path) {
        return URI.create("http://" + host + ":" + port + path);
    }

    /// Sends a request on a socket of its own, for a caller that goes away.
    Socket raw(ObjectNode body, String sessionKey) throws IOException {
        byte[] bytes = Json.writeBytes(body);
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: chela\r\nAuthorization: Bearer " + token + "\r\n"
                + SESSION + ": " + sessionKey + "\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.getOutputStream().write(bytes);
        return socket;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
