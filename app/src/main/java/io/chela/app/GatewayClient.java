package io.chela.app;

import io.chela.api.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A client of the Gateway protocol, as much of it as the command line needs: one request at a time.
final class GatewayClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final WebSocket socket;
    private final Frames frames;

    private GatewayClient(HttpClient http, WebSocket socket, Frames frames) {
        this.http = http;
        this.socket = socket;
        this.frames = frames;
    }

    /// Connects and says hello.
    ///
    /// @throws UsageException when the gateway cannot be reached or refuses the credential
    static GatewayClient connect(GatewayAddress address, String scope) throws InterruptedException {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        address.certificate().map(PinnedCertificate::context).ifPresent(builder::sslContext);
        HttpClient http = builder.build();
        Frames frames = new Frames();
        try {
            WebSocket socket = http.newWebSocketBuilder()
                    .connectTimeout(CONNECT)
                    .buildAsync(address.url(), frames)
                    .get(CONNECT.toSeconds(), TimeUnit.SECONDS);
            var client = new GatewayClient(http, socket, frames);
            client.hello(address, scope);
            return client;
        } catch (ExecutionException | TimeoutException e) {
            http.shutdownNow();
            if (e.getCause() instanceof SSLHandshakeException) {
                throw UsageException.failed("chela: the certificate of " + address.url() + " is not trusted by this"
                        + " machine, or it is for another name");
            }
            throw UsageException.failed(
                    "chela: no gateway answers on " + address.url() + "; is it running? (chela gateway)");
        }
    }

    private void hello(GatewayAddress address, String scope) throws InterruptedException {
        frames.next(socket, CONNECT); // the challenge, which only devices sign
        ObjectNode params =
                Json.object().put("minProtocol", 4).put("maxProtocol", 4).put("role", "operator");
        params.putObject("client")
                .put("id", "cli")
                .put("version", Version.TEXT)
                .put("platform", System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT))
                .put("mode", "cli");
        params.putArray("scopes").add(scope);
        address.token().ifPresent(token -> params.putObject("auth").put("token", token.reveal()));
        send("1", "connect", params);
        ok(response("1", CONNECT));
    }

    void send(String id, String method, ObjectNode params) {
        ObjectNode request = Json.object().put("type", "req").put("id", id).put("method", method);
        request.set("params", params);
        socket.sendText(Json.write(request), true).join();
    }

    /// Waits for the next response to a request; events in between are skipped.
    ///
    /// @throws UsageException when none comes in time, or the line is cut
    ObjectNode response(String id, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            ObjectNode frame = frames.next(socket, Duration.ofNanos(deadline - System.nanoTime()))
                    .orElseThrow(() -> UsageException.failed("chela: "
                            + frames.closing()
                                    .map(reason -> "the gateway closed the connection: " + reason)
                                    .orElse("the gateway did not answer within " + patience.toSeconds() + " s")));
            if (frame.path("type").stringValue("").equals("res")
                    && frame.path("id").stringValue("").equals(id)) {
                return frame;
            }
        }
    }

    /// The payload of a response that says yes.
    ///
    /// @throws UsageException with the gateway's words when it says no
    static ObjectNode ok(ObjectNode response) {
        if (response.path("ok").booleanValue(false) && response.path("payload") instanceof ObjectNode payload) {
            return payload;
        }
        throw UsageException.failed(
                "chela: the gateway says: " + response.at("/error/message").stringValue("no"));
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(_ -> socket)
                .join();
        http.shutdownNow();
    }

    /// Collects whole frames; asks the socket for the next only once one was taken.
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<Optional<ObjectNode>> read = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private volatile Optional<String> closing = Optional.empty();

        /// The next frame; empty when the line was closed or nothing came in time.
        Optional<ObjectNode> next(WebSocket socket, Duration patience) throws InterruptedException {
            Optional<ObjectNode> frame = read.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (frame == null) {
                return Optional.empty();
            }
            socket.request(1);
            return frame;
        }

        Optional<String> closing() {
            return closing;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                read.add(Json.tryObject(partial.toString()));
                partial.setLength(0);
            } else {
                socket.request(1);
            }
            return CompletableFuture.completedStage(null);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closing = Optional.of(reason.isEmpty() ? "code " + code : reason);
            read.add(Optional.empty());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closing = Optional.of(error instanceof IOException ? "the connection broke" : error.toString());
            read.add(Optional.empty());
        }
    }
}
