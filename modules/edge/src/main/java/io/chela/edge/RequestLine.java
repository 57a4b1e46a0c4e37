package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first line of a request. Source: RFC 9112, 3.
///
/// @param target path and query, or `*` of OPTIONS
/// @param authority what the absolute form of the target named; it stands instead of the `Host` header
record RequestLine(String method, String target, Optional<String> authority) {
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");

    /// A name or an address, and maybe a port. Source: RFC 3986, 3.2.2 and 3.2.3.
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:\\[[0-9A-Fa-f:.]{2,}]|(?:[A-Za-z0-9._~!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})++)(?::[0-9]{0,5})?");

    /// @param end where the line ends, without its CRLF
    static RequestLine of(byte[] bytes, int end) {
        String line = new String(bytes, 0, end, ISO_8859_1);
        int afterMethod = line.indexOf(' ');
        int beforeVersion = line.lastIndexOf(' ');
        if (beforeVersion <= afterMethod) {
            throw HttpSyntax.broken("The request line is not a method, a target and HTTP/1.1.");
        }
        checkVersion(line.substring(beforeVersion + 1));
        String method = line.substring(0, afterMethod);
        checkMethod(method);
        return of(method, line.substring(afterMethod + 1, beforeVersion));
    }

    private static void checkVersion(String version) {
        if (version.equals("HTTP/1.1")) {
            return;
        }
        if (!VERSION.matcher(version).matches()) {
            throw HttpSyntax.broken("The request line does not end with HTTP/1.1.");
        }
        throw HttpSyntax.refused(
                505,
                version.equals("HTTP/1.0")
                        ? "HTTP/1.0 is not served; a proxy in between needs `proxy_http_version 1.1`."
                        : "Only HTTP/1.1 is served.");
    }

    /// Upper case only: Helidon would take `get` for GET, which it is not.
    private static void checkMethod(String method) {
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if (!HttpSyntax.isToken((byte) c) || (c >= 'a' && c <= 'z')) {
                throw HttpSyntax.broken("The method of the request line is not a name in upper case.");
            }
        }
        if (method.isEmpty()) {
            throw HttpSyntax.broken("The request line has no method.");
        }
        if (method.equals("CONNECT")) {
            throw HttpSyntax.refused(501, "CONNECT is not served.");
        }
    }

    private static RequestLine of(String method, String target) {
        checkTarget(target);
        if (target.startsWith("/") || (target.equals("*") && method.equals("OPTIONS"))) {
            return new RequestLine(method, target, Optional.empty());
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || !isAuthority(absolute.group(1))) {
            throw HttpSyntax.broken("The target of the request line is neither a path nor an http address.");
        }
        String rest = absolute.group(2);
        return new RequestLine(method, rest.startsWith("/") ? rest : "/" + rest, Optional.of(absolute.group(1)));
    }

    private static void checkTarget(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c > '~' || c == '#') {
                throw HttpSyntax.broken("The target of the request line has a character that must be escaped.");
            }
        }
    }

    static boolean isAuthority(String text) {
        return AUTHORITY.matcher(text).matches();
    }
}
