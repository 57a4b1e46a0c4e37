package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The header lines of a request, of which it looks at those that say where the request ends and whom it is
/// for.
///
/// What two readers could understand in two ways is refused. Sources: RFC 9112, 5, 6 and 11.2; RFC 9110, 7.2
/// and 8.6.
final class HeadFields {
    private static final String CHUNKED = "chunked";
    private static final int MOST_LENGTH_DIGITS = 18; // fits into a long

    private @Nullable String host;
    private @Nullable String length;
    private @Nullable String codings;
    private int hostStart;
    private int hostEnd;

    /// Takes one line.
    ///
    /// @param end where it ends, without its CRLF
    void add(byte[] bytes, int start, int end) {
        int colon = nameEnd(bytes, start, end);
        if (isNamed("host", bytes, start, colon)) {
            host = host(value(bytes, colon, end));
            hostStart = start;
            hostEnd = end + 2;
        } else if (isNamed("content-length", bytes, start, colon)) {
            length = length(value(bytes, colon, end));
        } else if (isNamed("transfer-encoding", bytes, start, colon)) {
            String value = value(bytes, colon, end);
            codings = codings == null ? value : codings + "," + value;
        }
    }

    private static int nameEnd(byte[] bytes, int start, int end) {
        if (bytes[start] == ' ' || bytes[start] == '\t') {
            throw HttpSyntax.broken("A header line begins with a blank; headers cannot be folded.");
        }
        int at = start;
        while (at < end && HttpSyntax.isToken(bytes[at])) {
            at++;
        }
        if (at == start || at == end || bytes[at] != ':') {
            throw HttpSyntax.broken("A header line does not begin with a name and a colon.");
        }
        return at;
    }

    private static boolean isNamed(String name, byte[] bytes, int start, int end) {
        if (end - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            byte b = bytes[start + i];
            if (name.charAt(i) != (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b)) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] bytes, int colon, int end) {
        return new String(bytes, colon + 1, end - colon - 1, ISO_8859_1).strip();
    }

    private String host(String value) {
        if (host != null) {
            throw HttpSyntax.broken("There are two `Host` headers.");
        }
        if (!RequestLine.isAuthority(value)) {
            throw HttpSyntax.broken("The `Host` header is not a name or address with or without a port.");
        }
        return value;
    }

    private String length(String value) {
        if (length != null) {
            throw HttpSyntax.broken("There are two `Content-Length` headers.");
        }
        if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw HttpSyntax.broken("`Content-Length` is not a number.");
        }
        return value;
    }

    /// Checks them as a whole, once all lines are there.
    void check(long maxBodyBytes) {
        if (host == null) {
            throw HttpSyntax.broken("The `Host` header is missing.");
        }
        if (codings != null) {
            checkCodings(codings);
        }
        if (bodyBytes() == Long.MAX_VALUE) { // Helidon refuses the others, and knows whether a page may read it
            throw new ProblemException(new Problem.PayloadTooLarge(maxBodyBytes));
        }
    }

    private void checkCodings(String all) {
        if (length != null) {
            throw HttpSyntax.broken("`Content-Length` and `Transfer-Encoding` exclude each other.");
        }
        List<String> each = Stream.of(all.split(",", -1))
                .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (each.contains("") || each.indexOf(CHUNKED) != each.size() - 1) {
            throw HttpSyntax.broken("`Transfer-Encoding` must end with `chunked` and name it once.");
        }
        if (each.size() > 1) {
            throw HttpSyntax.refused(501, "`Transfer-Encoding` can only be `chunked`.");
        }
    }

    boolean isChunked() {
        return codings != null;
    }

    /// How long the body is by `Content-Length`; 0 when it does not say.
    long bodyBytes() {
        if (length == null) {
            return 0;
        }
        return length.length() > MOST_LENGTH_DIGITS ? Long.MAX_VALUE : Long.parseLong(length);
    }

    /// Where the line with the host begins.
    int hostStart() {
        return hostStart;
    }

    /// Where the line after the host's begins.
    int hostEnd() {
        return hostEnd;
    }
}
