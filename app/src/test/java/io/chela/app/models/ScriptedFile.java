package io.chela.app.models;

import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Exchange;
import java.io.IOException;
import java.util.Arrays;

/// Answers that a server of files may give.
final class ScriptedFile {
    private ScriptedFile() {}

    static String url(ScriptedUpstream server, String path) {
        return server.baseUrl().replace("/v1", "") + path;
    }

    /// A good server: ranges, and a tag that says which state of the file it is.
    static void serve(Exchange exchange, byte[] file, String tag) throws IOException {
        var headers = exchange.request().headers();
        String range = headers.getOrDefault("range", "");
        if (range.isEmpty() || !headers.getOrDefault("if-range", tag).equals(tag)) {
            head(exchange, "200 OK", file.length, "ETag: " + tag);
            exchange.raw(file);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        head(
                exchange,
                "206 Partial",
                file.length - from,
                "ETag: " + tag,
                "Content-Range: bytes " + from + "-" + (file.length - 1) + "/" + file.length);
        exchange.raw(Arrays.copyOfRange(file, from, file.length));
    }

    static void head(Exchange exchange, String status, long length, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        exchange.raw(head + "\r\n");
    }
}
