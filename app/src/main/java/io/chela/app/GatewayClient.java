package io.chela.app;

import io.chela.api.Json;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLHandshakeException;
import tools.jackson.databind.node.ObjectNode;

/// A client of the Gateway protocol, as much of it as the command line needs. One thread reads; any may send.
final class GatewayClient implements AutoCloseable {
    /// How long connecting, and each answer that needs no model, may take.
    static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final WebSocket socket;
    private final GatewayFrames frames;
    private final ReentrantLock sending = new ReentrantLock();
    private ObjectNode hello = Json.object();

    private GatewayClient(HttpClient http, WebSocket socket, GatewayFrames frames) {
        this.http = http;
        this.socket = socket;
        this.frames = frames;
    }

    /// Connects and says hello.
    ///
    /// @throws UsageException when the gateway cannot be reached or refuses the credential
    static GatewayClient connect(GatewayAddress address, String... scopes) throws InterruptedException {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        address.certificate().map(PinnedCertificate::context).ifPresent(builder::sslContext);
        HttpClient http = builder.build();
        var frames = new GatewayFrames();
        try {
            WebSocket socket = http.newWebSocketBuilder()
                    .connectTimeout(CONNECT)
                    .buildAsync(address.url(), frames)
                    .get(CONNECT.toSeconds(), TimeUnit.SECONDS);
            var client = new GatewayClient(http, socket, frames);
            client.sayHello(address, scopes);
            return client;
        } catch (ExecutionException | TimeoutException e) {
            http.shutdownNow();
            throw unreachable(address, e);
        } catch (UsageException e) {
            http.shutdownNow();
            throw e;
        }
    }

    private static UsageException unreachable(GatewayAddress address, Exception e) {
        return UsageException.failed(
                switch (e.getCause()) {
                    case SSLHandshakeException _ ->
                        "chela: the certificate of " + address.url()
                                + " is not trusted by this machine, or it is for another name";
                    case WebSocketHandshakeException refused ->
                        "chela: what answers on " + address.url() + " opens no WebSocket (HTTP "
                                + refused.getResponse().statusCode() + "); is it a gateway?";
                    case null, default ->
                        "chela: no gateway answers on " + address.url() + "; is it running? (chela gateway)";
                });
    }

    private void sayHello(GatewayAddress address, String... scopes) throws InterruptedException {
        frames.next(socket, CONNECT); // the challenge, which only devices sign
        ObjectNode params =
                Json.object().put("minProtocol", 4).put("maxProtocol", 4).put("role", "operator");
        params.putObject("client")
                .put("id", "cli")
                .put("version", Version.TEXT)
                .put("platform", System.getProperty("os.name").toLowerCase(Locale.ROOT))
                .put("mode", "cli");
        var asked = params.putArray("scopes");
        for (String scope : scopes) {
            asked.add(scope);
        }
        address.credential()
                .ifPresent(credential -> params.putObject("auth")
                        .put("token", credential.secret().reveal()));
        send("1", "connect", params);
        ObjectNode response = response("1", CONNECT);
        if (!response.path("ok").booleanValue(false)) {
            throw GatewayRefusal.ofConnect(address, response);
        }
        hello = GatewayRefusal.ok(response);
    }

    /// What the gateway said about itself: `hello-ok`.
    ObjectNode hello() {
        return hello;
    }

    void send(String id, String method, ObjectNode params) {
        ObjectNode request = Json.object().put("type", "req").put("id", id).put("method", method);
        request.set("params", params);
        sending.lock();
        try {
            socket.sendText(Json.write(request), true).get(CONNECT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw UsageException.failed("chela: the connection to the gateway broke");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sending.unlock();
        }
    }

    /// Sends a request that is answered once, and waits for the payload.
    ///
    /// @throws UsageException when the gateway refuses it or does not answer
    ObjectNode call(String method, ObjectNode params) throws InterruptedException {
        send(method, method, params);
        return GatewayRefusal.ok(response(method, CONNECT));
    }

    /// Waits for the next frame of any kind.
    ///
    /// @throws UsageException when none comes in time, or the line is cut
    ObjectNode next(Duration patience) throws InterruptedException {
        return frames.next(socket, patience)
                .orElseThrow(() -> UsageException.failed("chela: "
                        + frames.closing()
                                .map(reason -> "the gateway closed the connection: " + reason)
                                .orElse("the gateway said nothing for " + patience.toSeconds() + " s")));
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
            if (isResponse(frame, id)) {
                return frame;
            }
        }
    }

    static boolean isResponse(ObjectNode frame, String id) {
        return frame.path("type").stringValue("").equals("res")
                && frame.path("id").stringValue("").equals(id);
    }

    /// Ends the connection at once; whoever waits for a frame is told that it broke.
    void hangUp() {
        socket.abort();
        frames.onError(socket, new java.io.IOException("hung up"));
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(_ -> socket)
                .join();
        http.shutdownNow();
    }
}
