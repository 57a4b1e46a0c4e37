package io.chela.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One request as Open WebUI sends it, from the resources `open-webui/NAME.json`.
///
/// @param golden `name`, `method`, `path`, `headers` and, of a POST, `body`
record OpenWebUiRequest(ObjectNode golden) {
    private static final int PATIENCE_MILLIS = 60_000;

    /// An answer of the gateway.
    ///
    /// @param sessionKey as the header `x-openclaw-session-key` has it
    record Answer(int status, String contentType, Optional<String> sessionKey, String body) {}

    static OpenWebUiRequest named(String name) {
        try (InputStream in = OpenWebUiRequest.class.getResourceAsStream("/open-webui/" + name + ".json")) {
            if (in == null) {
                throw new AssertionError("no request " + name);
            }
            return new OpenWebUiRequest(Json.readObject(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same with another header.
    OpenWebUiRequest with(String header, String value) {
        ObjectNode copy = golden.deepCopy();
        copy.withObject("headers").put(header, value);
        return new OpenWebUiRequest(copy);
    }

    JsonNode body() {
        return golden.path("body");
    }

    String header(String name) {
        return golden.path("headers").path(name).stringValue();
    }

    /// Sends it with the gateway's own token; header values go out as UTF-8, which `java.net.http` cannot.
    Answer send(Image gateway) throws IOException {
        String path = golden.path("path").stringValue();
        var call = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + gateway.port() + path).toURL().openConnection();
        call.setReadTimeout(PATIENCE_MILLIS);
        call.setRequestMethod(golden.path("method").stringValue());
        golden.path("headers")
                .forEachEntry((name, value) -> call.setRequestProperty(name, onTheWire(value.stringValue(), gateway)));
        if (body().isObject()) {
            call.setDoOutput(true);
            call.getOutputStream().write(Json.writeBytes((ObjectNode) body()));
        }
        return read(call);
    }

    private static String onTheWire(String value, Image gateway) {
        return new String(value.replace("TOKEN", gateway.token()).getBytes(UTF_8), ISO_8859_1);
    }

    private static Answer read(HttpURLConnection call) throws IOException {
        int status = call.getResponseCode();
        try (InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
            return new Answer(
                    status,
                    Optional.ofNullable(call.getContentType()).orElse(""),
                    Optional.ofNullable(call.getHeaderField("x-openclaw-session-key")),
                    new String(in.readAllBytes(), UTF_8));
        }
    }
}
