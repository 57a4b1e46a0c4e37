package io.chela.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// One request on a connection of its own, byte for byte as it was recorded: no client library would send some of them.
final class RawCall {
    private static final int PATIENCE_MILLIS = 30_000;

    /// @param headers by name, whatever its case
    record Answer(int status, Map<String, String> headers, String body) {
        boolean isStream() {
            return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        }
    }

    private RawCall() {}

    /// @param request `method`, `path`, `headers` and one of `json`, `text`, `base64` or none
    static Answer send(int port, JsonNode request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            write(socket.getOutputStream(), request);
            String method = request.path("method").stringValue();
            return read(new BufferedInputStream(socket.getInputStream()), method.equals("HEAD"));
        }
    }

    private static void write(OutputStream out, JsonNode request) throws IOException {
        byte[] body = body(request);
        var head = new StringBuilder(request.path("method").stringValue() + " "
                + request.path("path").stringValue() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        request.path("headers")
                .properties()
                .forEach(header -> head.append(header.getKey())
                        .append(": ")
                        .append(header.getValue().stringValue())
                        .append("\r\n"));
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(UTF_8));
        out.write(body);
        out.flush();
    }

    private static byte[] body(JsonNode request) {
        if (request.has("json")) {
            return Json.write(request.path("json")).getBytes(UTF_8);
        }
        return request.has("text")
                ? request.path("text").stringValue().getBytes(UTF_8)
                : Base64.getDecoder().decode(request.path("base64").stringValue(""));
    }

    private static Answer read(InputStream in, boolean headOnly) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        if (headOnly) {
            return new Answer(status, headers, "");
        }
        byte[] body = headers.containsKey("transfer-encoding")
                ? chunked(in)
                : in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Answer(status, headers, new String(body, UTF_8));
    }

    private static byte[] chunked(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after " + line.toString(ISO_8859_1));
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
