package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.chela.api.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.node.ObjectNode;

/// Writes server-sent events as OpenAI clients expect them: `data: ` with its blank, no `event:` line, one
/// flush an
/// event.
///
/// Source: OpenAI API reference, "Streaming"; WHATWG HTML, "Server-sent events".
final class SseWriter implements AutoCloseable {
    private static final byte[] DATA = "data: ".getBytes(US_ASCII);
    private static final byte[] END = "\n\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

    private final OutputStream out;

    SseWriter(OutputStream out) {
        this.out = out;
    }

    /// @throws UncheckedIOException when the reader has gone
    void send(ObjectNode data) {
        write(DATA, Json.writeBytes(data), END);
    }

    /// Says that the stream still lives, in a comment, which clients skip.
    void keepAlive() {
        write(KEEP_ALIVE);
    }

    /// Says that nothing follows.
    void done() {
        write(DONE);
    }

    private void write(byte[]... parts) {
        try {
            for (byte[] part : parts) {
                out.write(part);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
