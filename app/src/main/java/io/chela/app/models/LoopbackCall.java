package io.chela.app.models;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One GET request to a server of this machine: no redirect, no proxy, an answer of bounded size by a deadline.
///
/// Written out, since a start that finds nothing must not load an HTTP client, and HTTP/1.0 has answers that end
/// with their connection.
final class LoopbackCall {
    /// The most that is read of an answer, in bytes.
    static final int MAX_BYTES = 1024 * 1024;

    private static final String HEAD_END = "\r\n\r\n";
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("(?i)\r\ncontent-length:[ \t]*(\\d{1,9})[ \t]*(?=\r\n|$)");
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private LoopbackCall() {}

    /// An answer: its status, and its body as text.
    record Answer(int status, String body) {}

    /// Asks and reads the answer.
    ///
    /// @param deadline of [System#nanoTime]
    /// @throws IOException when nobody listens there, or there is no whole answer in time
    static Answer get(InetAddress address, int port, String path, long deadline) throws IOException {
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("only this machine is asked, not " + address);
        }
        try (var socket = new Socket(java.net.Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(address, port), left(deadline));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: localhost:" + port
                                    + "\r\nAccept: application/json\r\nUser-Agent: chela\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return answer(read(socket, deadline));
        }
    }

    private static int left(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) millis;
    }

    /// Everything up to the end of the connection, or of the answer where that says how long it is.
    private static byte[] read(Socket socket, long deadline) throws IOException {
        byte[] bytes = new byte[4096];
        int count = 0;
        int whole = Integer.MAX_VALUE;
        boolean headSeen = false;
        InputStream in = socket.getInputStream();
        while (count < whole) {
            if (count == MAX_BYTES) {
                throw new ProtocolException("the answer is too long");
            }
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            socket.setSoTimeout(left(deadline));
            int read = in.read(bytes, count, bytes.length - count);
            if (read < 0) {
                break;
            }
            count += read;
            if (!headSeen) {
                String text = new String(bytes, 0, count, ISO_8859_1);
                headSeen = text.contains(HEAD_END);
                whole = headSeen ? length(text) : whole;
            }
        }
        return Arrays.copyOf(bytes, Math.min(count, whole));
    }

    /// How long the answer is, head and all, by what its head says.
    private static int length(String answer) {
        int head = answer.indexOf(HEAD_END);
        Matcher said = CONTENT_LENGTH.matcher(answer.substring(0, head));
        return said.find() ? head + HEAD_END.length() + Integer.parseInt(said.group(1)) : Integer.MAX_VALUE;
    }

    private static Answer answer(byte[] bytes) throws ProtocolException {
        String text = new String(bytes, ISO_8859_1);
        int head = text.indexOf(HEAD_END);
        if (head < STATUS_AT + 3 || !text.matches("(?s)HTTP/1\\.[01] \\d{3}\\b.*")) {
            throw new ProtocolException("no answer of a web server");
        }
        if (text.substring(0, head).toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding:")) {
            throw new ProtocolException("an answer in chunks, which HTTP/1.0 has not");
        }
        int body = head + HEAD_END.length();
        return new Answer(
                Integer.parseInt(text.substring(STATUS_AT, STATUS_AT + 3)),
                new String(bytes, body, bytes.length - body, UTF_8));
    }
}
