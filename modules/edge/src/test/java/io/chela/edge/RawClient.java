package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A socket that says exactly what a test wants; every read gives up after fifteen seconds.
final class RawClient implements AutoCloseable {
    static final int PATIENCE_MS = 15_000;

    private final Socket plain;
    private final Socket socket;
    private final InputStream in;

    /// Lays something over the connected socket, such as TLS, or gives it back.
    interface Layer {
        Socket over(Socket plain) throws IOException;
    }

    RawClient(int port) {
        this("127.0.0.1", port);
    }

    RawClient(String host, int port) {
        this(host, port, plain -> plain);
    }

    RawClient(String host, int port, Layer layer) {
        try {
            plain = new Socket(InetAddress.getByName(host), port);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(PATIENCE_MS);
            socket = layer.over(plain);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One answer.
    record Answer(int status, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
                    .map(List::getFirst);
        }

        boolean closes() {
            return header("connection").filter("close"::equalsIgnoreCase).isPresent();
        }
    }

    RawClient send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends what may be refused, and the connection ended, before it is whole.
    RawClient offer(String text) {
        try {
            return send(text);
        } catch (UncheckedIOException _) {
            return this;
        }
    }

    RawClient get(String path, String... headers) {
        return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + lines(headers) + "\r\n");
    }

    RawClient post(String path, String body, String... headers) {
        return send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n"
                + lines(headers) + "\r\n" + body);
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    Answer answer() {
        return answer(true);
    }

    /// Reads until this text has come.
    RawClient until(String text) {
        var read = new StringBuilder();
        try {
            while (read.indexOf(text) < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("end of stream after \"" + read + "\"");
                }
                read.append((char) next);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads an answer that has headers only, whatever they say.
    Answer headAnswer() {
        return answer(false);
    }

    private Answer answer(boolean withBody) {
        try {
            String first = line();
            Map<String, List<String>> headers = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        List.of(line.substring(colon + 1).strip()));
            }
            var answer = new Answer(Integer.parseInt(first.split(" ", -1)[1]), headers, "");
            return withBody ? new Answer(answer.status(), headers, body(answer)) : answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(Answer answer) throws IOException {
        if (answer.header("transfer-encoding").isPresent()) {
            var body = new StringBuilder();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.append(new String(in.readNBytes(size), ISO_8859_1));
                line();
            }
            line();
            return body.toString();
        }
        int length = answer.header("content-length").map(Integer::parseInt).orElse(0);
        return new String(in.readNBytes(length), ISO_8859_1);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new IOException("end of stream after \"" + line + "\"");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /// Reads everything up to the end of the stream; a reset counts as the end.
    String rest() {
        var rest = new StringBuilder();
        try {
            int c;
            while ((c = in.read()) >= 0) {
                rest.append((char) c);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException("still open after " + PATIENCE_MS + " ms: " + rest, e);
        } catch (IOException _) {
            // reset: closed all the same
        }
        return rest.toString();
    }

    byte[] readBytes(int count) {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void receiveBuffer(int bytes) {
        try {
            plain.setReceiveBufferSize(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends our side only.
    void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Leaves with a reset.
    void reset() {
        try {
            plain.setSoLinger(true, 0);
            plain.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
