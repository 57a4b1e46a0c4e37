package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.io.IOException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Collects whole frames of a gateway; asks the socket for the next only once one was taken, so that at most one waits.
final class GatewayFrames implements WebSocket.Listener {
    /// The longest frame, in characters: more than twice the longest answer that a gateway lets a model give.
    static final int MAX_CHARS = 48 * 1024 * 1024;

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

    /// Why the line is cut; empty while it is not.
    Optional<String> closing() {
        return closing;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        if (partial.length() + data.length() > MAX_CHARS) {
            cut("it sent more than " + MAX_CHARS + " characters at once");
            socket.abort();
            return CompletableFuture.completedStage(null);
        }
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
        cut(reason.isEmpty() ? "code " + code : Printable.word(reason));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        cut(error instanceof IOException ? "the connection broke" : Printable.word(error.toString()));
    }

    private void cut(String why) {
        closing = Optional.of(why);
        read.add(Optional.empty());
    }
}
