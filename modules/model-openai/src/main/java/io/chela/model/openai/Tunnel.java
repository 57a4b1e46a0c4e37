package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.chela.api.Secret;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a proxy for a tunnel. Source: RFC 9110, 9.3.6.
///
/// The client library's own way looks the server's name up here, keeps the socket of a proxy that refuses,
/// and takes what a proxy sends behind its consent for the server's.
final class Tunnel {
    /// The most that a proxy's answer has before the tunnel, in bytes.
    static final int MAX_HEAD = 16 * 1024;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final int FIRST_SUCCESS = 200;
    private static final int LAST_SUCCESS = 299;

    private Tunnel() {}

    /// Makes a connection to a proxy one to the server.
    ///
    /// @param authority the server's host and port
    /// @param most how long the proxy may take for its whole answer
    /// @throws ProxyFailure when it does not consent
    static void open(Socket proxy, String authority, Optional<Secret> authorization, Duration most) throws IOException {
        String credential = authorization
                .map(secret -> "Proxy-Authorization: " + secret.reveal() + "\r\n")
                .orElse("");
        String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" + credential + "\r\n";
        proxy.getOutputStream().write(request.getBytes(ISO_8859_1));
        String answer = answer(proxy, System.nanoTime() + most.toNanos());
        int status = status(answer).orElseThrow(Tunnel::noHttp);
        if (status < FIRST_SUCCESS || status > LAST_SUCCESS) {
            throw ProxyFailure.refused(status, authority, authorization.isPresent());
        }
        if (answer.length() > endOfHead(answer)) {
            throw ProxyFailure.nonsense("consented to the tunnel and sent bytes of its own into it.");
        }
    }

    /// Reads until a head is there, and perhaps more.
    private static String answer(Socket proxy, long end) throws IOException {
        byte[] read = new byte[MAX_HEAD];
        for (int length = 0; length < MAX_HEAD; ) {
            proxy.setSoTimeout(millisUntil(end));
            int more = proxy.getInputStream().read(read, length, MAX_HEAD - length);
            if (more < 0) {
                throw new EOFException();
            }
            length += more;
            String answer = new String(read, 0, length, ISO_8859_1);
            if (endOfHead(answer) > 0) {
                return answer;
            }
            if (answer.contains("\n") && status(answer).isEmpty()) {
                throw noHttp();
            }
        }
        throw noHttp();
    }

    private static int millisUntil(long end) throws SocketTimeoutException {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) left;
    }

    /// Where what follows the head begins; 0 when the head is not whole.
    private static int endOfHead(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? 0 : end + "\r\n\r\n".length();
    }

    private static Optional<Integer> status(String answer) {
        Matcher status = STATUS.matcher(answer.lines().findFirst().orElse(""));
        return status.matches() ? Optional.of(Integer.valueOf(status.group(1))) : Optional.empty();
    }

    private static ProxyFailure noHttp() {
        return ProxyFailure.nonsense("answered with something that is no HTTP, or has a head of more than 16 KiB.");
    }
}
