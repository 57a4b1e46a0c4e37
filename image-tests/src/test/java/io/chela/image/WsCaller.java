package io.chela.image;

import io.chela.api.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A client of the Gateway protocol with the right to run agents. Its frames are JSON objects.
final class WsCaller implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Frames frames = new Frames();
    private final WebSocket socket;

    /// Connects and says hello.
    WsCaller(Image gateway) throws Exception {
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/"), frames)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        frames.next(); // the challenge
        ObjectNode params = Json.readObject("""
                {"minProtocol":4,"maxProtocol":4,"role":"operator","scopes":["operator.write"],
                 "client":{"id":"cli","version":"1","platform":"linux","mode":"cli"}}
                """);
        params.putObject("auth").put("token", gateway.token());
        send("hello", "connect", params);
        payload("hello");
    }

    /// Asks for a run under this id; the first response takes it, the second ends it.
    void ask(String id, String text, String sessionKey) {
        send(
                id,
                "agent",
                Json.object().put("message", text).put("idempotencyKey", id).put("sessionKey", sessionKey));
    }

    private void send(String id, String method, ObjectNode params) {
        ObjectNode request = Json.object().put("type", "req").put("id", id).put("method", method);
        request.set("params", params);
        socket.sendText(Json.write(request), true).join();
    }

    /// The payload of the next response to a request; fails when it says no.
    ObjectNode payload(String id) throws InterruptedException {
        while (true) {
            ObjectNode frame = frames.next();
            if (frame.path("type").stringValue("").equals("res")
                    && frame.path("id").stringValue("").equals(id)) {
                if (frame.path("payload") instanceof ObjectNode payload
                        && frame.path("ok").booleanValue(false)) {
                    return payload;
                }
                throw new AssertionError("the gateway says no: " + frame);
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<ObjectNode> read = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        ObjectNode next() throws InterruptedException {
            ObjectNode frame = read.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame within " + PATIENCE_SECONDS + " s");
            }
            return frame;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                read.add(Json.readObject(partial.toString()));
                partial.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
