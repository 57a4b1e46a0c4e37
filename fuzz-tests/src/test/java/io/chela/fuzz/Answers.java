package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what a connection was answered, strictly; bytes are characters of ISO 8859-1. The last answer may
/// be cut off.
final class Answers {
    private static final String STATUS_LINE = "HTTP/1.1 ";
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final int SWITCHING = 101;
    private static final int FIRST_REFUSAL = 400;

    /// What a caller can bring about above 499: no such method or coding, no place, no such version.
    private static final Set<Integer> SERVER_ERRORS = Set.of(501, 503, 505);

    private final String all;
    private final byte[] sent;
    private int at;
    private int count;

    private Answers(String all, byte[] sent) {
        this.all = all;
        this.sent = sent;
    }

    /// Checks every answer to what was sent.
    ///
    /// @return how many there are, without interim ones
    static int check(String all, byte[] sent) {
        var answers = new Answers(all, sent);
        while (answers.at < all.length() && answers.isWhole()) {}
        return answers.count;
    }

    /// Reads an answer; false when nothing that can be read comes after it.
    private boolean isWhole() {
        Faults.check(all.startsWith(STATUS_LINE, at), () -> "no status line at " + at + " of " + all);
        int end = all.indexOf("\r\n\r\n", at);
        if (end < 0) {
            count++;
            return false;
        }
        String[] head = all.substring(at, end).split("\r\n", -1);
        int status = Integer.parseInt(head[0].substring(STATUS_LINE.length(), STATUS_LINE.length() + 3));
        Map<String, String> headers = headers(head);
        at = end + 4;
        Faults.check(status < 500 || SERVER_ERRORS.contains(status), () -> "status " + status + ": " + all);
        if (status == 100) {
            return true;
        }
        count++;
        return status != SWITCHING
                && body(headers)
                        .map(body -> isRefusalInOrder(status, headers, body))
                        .orElse(false);
    }

    private Map<String, String> headers(String[] head) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < head.length; i++) {
            String line = head[i];
            Faults.check(HEADER.matcher(line).matches(), () -> "no header: " + line);
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    /// The body; empty when the end cuts it off. One to HEAD has none, whatever its length says.
    private Optional<String> body(Map<String, String> headers) {
        if (at == all.length() || all.startsWith(STATUS_LINE, at)) {
            return Optional.of("");
        }
        if (headers.containsKey("transfer-encoding")) {
            int length = Framing.chunked(all, at);
            String body = length < 0 ? "" : all.substring(at, at + length);
            at += Math.max(0, length);
            return Optional.of(body).filter(_ -> length >= 0);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (at + length > all.length()) {
            return Optional.empty();
        }
        String body = all.substring(at, at + length);
        at += length;
        return Optional.of(body);
    }

    private boolean isRefusalInOrder(int status, Map<String, String> headers, String body) {
        if (status >= FIRST_REFUSAL && !body.isEmpty()) {
            String type = headers.getOrDefault("content-type", "");
            Faults.check(type.startsWith("application/json"), () -> "a refusal of the type '" + type + "': " + body);
            String text = new String(body.getBytes(ISO_8859_1), UTF_8);
            Faults.checkWords(Json.readObject(text).at("/error/message").stringValue(""), sent);
        }
        return true;
    }
}
