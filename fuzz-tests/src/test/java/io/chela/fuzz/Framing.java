package io.chela.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds where requests end, as RFC 9112 says it and without any lenience; bytes are characters of ISO
/// 8859-1.
final class Framing {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE = Pattern.compile(TOKEN + " [!-~]+ HTTP/1\\.1");
    private static final Pattern HEADER =
            Pattern.compile("(" + TOKEN + "):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,6})[ \\t]*(?:;[\\t\\x20-\\x7e\\x80-\\xff]*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,6}");

    private Framing() {}

    /// Counts the requests up to the first that is not one, or whose end nobody can be sure of.
    static int requests(String sent) {
        int count = 0;
        for (int at = 0, next = end(sent, at); next > at; next = end(sent, at)) {
            count++;
            at = next;
        }
        return count;
    }

    /// Where the request ends that begins at a position; the position itself when there is none.
    private static int end(String sent, int from) {
        int start = from;
        while (sent.startsWith("\r\n", start)) {
            start += 2;
        }
        int end = sent.indexOf("\r\n\r\n", start);
        if (end < 0) {
            return from;
        }
        List<String> lines = List.of(sent.substring(start, end).split("\r\n", -1));
        boolean regular = REQUEST_LINE.matcher(lines.getFirst()).matches()
                && lines.stream().skip(1).allMatch(line -> HEADER.matcher(line).matches());
        int body = regular ? body(lines, sent, end + 4) : -1;
        return body < 0 ? from : end + 4 + body;
    }

    /// The body's length on the wire; negative when it is not clear.
    private static int body(List<String> lines, String sent, int at) {
        List<String> codings = values(lines, "transfer-encoding");
        List<String> lengths = values(lines, "content-length");
        if (codings.isEmpty() && lengths.isEmpty()) {
            return 0;
        }
        if (codings.isEmpty()
                && lengths.size() == 1
                && LENGTH.matcher(lengths.getFirst()).matches()) {
            int length = Integer.parseInt(lengths.getFirst());
            return at + length <= sent.length() ? length : -1;
        }
        boolean chunked =
                lengths.isEmpty() && codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
        return chunked ? chunked(sent, at) : -1;
    }

    private static List<String> values(List<String> lines, String name) {
        return lines.stream()
                .skip(1)
                .map(HEADER::matcher)
                .filter(Matcher::matches)
                .filter(header -> header.group(1).toLowerCase(Locale.ROOT).equals(name))
                .map(header -> header.group(2))
                .toList();
    }

    /// The length of a chunked body on the wire, with its trailers; negative when it is none, or has no end.
    static int chunked(String sent, int from) {
        int at = from;
        while (true) {
            int line = sent.indexOf("\r\n", at);
            Matcher chunk = CHUNK.matcher(line < 0 ? "" : sent.substring(at, line));
            if (!chunk.matches()) {
                return -1;
            }
            int size = Integer.parseInt(chunk.group(1), 16);
            if (size == 0) {
                int end = trailers(sent, line + 2);
                return end < 0 ? -1 : end - from;
            }
            at = line + 2 + size;
            if (!sent.startsWith("\r\n", at)) {
                return -1;
            }
            at += 2;
        }
    }

    /// Where the trailers end with their empty line; negative when they do not.
    private static int trailers(String sent, int from) {
        int at = from;
        for (int line = sent.indexOf("\r\n", at); line >= 0; line = sent.indexOf("\r\n", at)) {
            if (line == at) {
                return at + 2;
            }
            if (!HEADER.matcher(sent.substring(at, line)).matches()) {
                return -1;
            }
            at = line + 2;
        }
        return -1;
    }
}
