package io.chela.model.openai;

import io.helidon.http.ClientResponseHeaders;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.api.ClientConnection;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request and its answer. For one thread, but for [#hangUp].
final class HttpCall {
    private static final int NO_CONTENT = 204;

    private final Connections connections;
    private final Function<ClientConnection, Http1ClientRequest> request;
    private final byte[] sent;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable ClientConnection connection;
    private @Nullable AnswerBody body;
    private boolean keepsAlive;

    /// @param request makes the request for a connection
    HttpCall(Connections connections, Function<ClientConnection, Http1ClientRequest> request, byte[] sent) {
        this.connections = connections;
        this.request = request;
        this.sent = sent;
    }

    /// The head of an answer, and its body, which is still to be read.
    ///
    /// @param encoding its content encoding; empty when it is as it is
    record Answer(int status, ClientResponseHeaders headers, Optional<String> encoding, AnswerBody body) {
        String type() {
            return headers.first(HeaderNames.CONTENT_TYPE).orElse("");
        }
    }

    /// Connects, sends, and waits for the head of the answer.
    Answer send() throws IOException {
        ClientConnection open = connections.take();
        connection = open;
        Http1ClientResponse response = request.apply(open).submit(sent);
        AnswerHead head = AnswerHead.after(response.status().code(), response.headers(), open.reader());
        int status = head.status();
        ClientResponseHeaders headers = head.headers();
        AnswerBody read = status == NO_CONTENT ? AnswerBody.none(open.reader()) : AnswerBody.of(headers, open.reader());
        body = read;
        keepsAlive = !headers.containsToken(HeaderValues.CONNECTION_CLOSE);
        Optional<String> encoding = headers.first(HeaderNames.CONTENT_ENCODING)
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase("identity"));
        return new Answer(status, headers, encoding, read);
    }

    /// Tells whether the end of the answer is here already, so that reading it does not block.
    boolean hasWholeAnswer() {
        AnswerBody read = body;
        return read != null && read.isEndHere();
    }

    /// Gives the connection back when the answer was read to its end, else closes it. For the reading thread.
    void finish() {
        ClientConnection open = connection;
        AnswerBody read = body;
        if (open != null && keepsAlive && read != null && read.isWhole()) {
            if (over.compareAndSet(false, true)) {
                open.releaseResource();
            }
        } else {
            hangUp();
        }
    }

    /// Closes the connection, from any thread.
    void hangUp() {
        ClientConnection open = connection;
        if (open != null && over.compareAndSet(false, true)) {
            try {
                open.closeResource();
            } catch (RuntimeException _) {
                // It was broken already.
            }
        }
    }
}
