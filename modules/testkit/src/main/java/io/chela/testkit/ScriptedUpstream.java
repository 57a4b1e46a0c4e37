package io.chela.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import tools.jackson.databind.node.ObjectNode;

/// A model server on a raw socket, that does what a script says: right, wrong, slow or not at all.
///
/// It keeps connections alive between requests, remembers what it was asked, and notices when its caller
/// hangs up.
public final class ScriptedUpstream implements AutoCloseable {
    /// Answers one request by writing to the socket. Throwing, or [Exchange#cut], closes the connection.
    @FunctionalInterface
    public interface Script {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    /// A request as it came.
    ///
    /// @param headers by lower-case name
    public record Request(String method, String path, Map<String, String> headers, String body) {
        public ObjectNode json() {
            return Json.readObject(body);
        }
    }

    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final String scheme;
    private final ServerSocket server;
    private final Thread acceptor;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> hangUps = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ScriptedUpstream(String scheme, ServerSocket server, Script script) {
        this.scheme = scheme;
        this.server = server;
        this.script = script;
        this.acceptor = Thread.ofVirtual().name("scripted-upstream").start(this::accept);
    }

    public static ScriptedUpstream answering(Script script) {
        return new ScriptedUpstream("http", listen(ServerSocketFactory.getDefault()), script);
    }

    /// With TLS, as the server that the context knows.
    public static ScriptedUpstream answering(SSLContext identity, Script script) {
        return new ScriptedUpstream("https", listen(identity.getServerSocketFactory()), script);
    }

    /// As [#answering(SSLContext, Script)], for callers with a certificate that the context trusts.
    public static ScriptedUpstream wantingCertificates(SSLContext identity, Script script) {
        ServerSocket server = listen(identity.getServerSocketFactory());
        ((SSLServerSocket) server).setNeedClientAuth(true);
        return new ScriptedUpstream("https", server, script);
    }

    private static ServerSocket listen(ServerSocketFactory sockets) {
        try {
            return sockets.createServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Streams these pieces of text, then says stop, 11 prompt tokens, one completion token a piece and
    /// `[DONE]`.
    public static ScriptedUpstream saying(String... pieces) {
        return answering(exchange -> exchange.say(pieces));
    }

    /// Up to and without `/chat/completions`.
    public String baseUrl() {
        return scheme + "://127.0.0.1:" + port() + "/v1";
    }

    public int port() {
        return server.getLocalPort();
    }

    /// What it was asked, oldest first.
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// How many connections are open now.
    public int connections() {
        return open.size();
    }

    /// Waits for a caller to close its connection while its answer was under way; false when none does in time.
    public boolean awaitHangUp(long millis) throws InterruptedException {
        return hangUps.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in);
                requests.add(request);
                script.answer(new Exchange(request, in, socket.getOutputStream()));
            }
        } catch (IOException _) {
            // the other side has gone, or the script wants it so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(first[0], first[1], headers, new String(in.readNBytes(length), UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            acceptor.join(CLOSING); // a blocked accept keeps the port open until it has come back
            for (Socket socket : new ArrayList<>(open)) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One request and the means to answer it.
    public final class Exchange {
        private final Request request;
        private final InputStream in;
        private final OutputStream out;
        private boolean chunked;

        private Exchange(Request request, InputStream in, OutputStream out) {
            this.request = request;
            this.in = in;
            this.out = out;
        }

        public Request request() {
            return request;
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        /// Writes bytes as they are.
        public void raw(String bytes) throws IOException {
            raw(bytes.getBytes(ISO_8859_1));
        }

        /// Writes bytes as they are.
        public void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /// Writes bytes over and over, with a pause after each time, until the caller closes its connection.
        public void forEver(String bytes, Duration pause) throws IOException, InterruptedException {
            try {
                while (true) {
                    raw(bytes);
                    Thread.sleep(pause);
                }
            } catch (IOException e) {
                hangUps.add(request);
                throw e;
            }
        }

        /// Answers with JSON and a status.
        public void json(int status, String body, String... headers) throws IOException {
            StringBuilder head =
                    new StringBuilder("HTTP/1.1 " + status + " Said\r\nContent-Type: application/json\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            byte[] bytes = body.getBytes(UTF_8);
            raw(head + "Content-Length: " + bytes.length + "\r\n\r\n");
            out.write(bytes);
            out.flush();
        }

        /// Starts an event stream.
        public void stream() throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunked = true;
        }

        /// Sends a piece of the stream, as one HTTP chunk.
        public void piece(byte[] bytes) throws IOException {
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
            out.write(bytes);
            out.write("\r\n".getBytes(ISO_8859_1));
            out.flush();
        }

        /// Sends one event.
        public void event(String data) throws IOException {
            piece(("data: " + data + "\n\n").getBytes(UTF_8));
        }

        /// Sends a chunk with this delta.
        public void delta(ObjectNode delta) throws IOException {
            event(chunk("{\"index\":0,\"delta\":" + Json.write(delta) + ",\"finish_reason\":null}"));
        }

        public void text(String text) throws IOException {
            delta(Json.object().put("content", text));
        }

        public void finish(String reason) throws IOException {
            event(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}"));
        }

        public void usage(int prompt, int completion) throws IOException {
            event("{\"id\":\"up\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":"
                    + prompt + ",\"completion_tokens\":" + completion + ",\"total_tokens\":" + (prompt + completion)
                    + "}}");
        }

        /// Ends the stream as a good server does.
        public void done() throws IOException {
            event("[DONE]");
            end();
        }

        /// Ends the HTTP body.
        public void end() throws IOException {
            if (chunked) {
                raw("0\r\n\r\n");
            }
        }

        /// Streams a whole answer.
        public void say(String... pieces) throws IOException {
            stream();
            delta(Json.object().put("role", "assistant").put("content", ""));
            for (String piece : pieces) {
                text(piece);
            }
            finish("stop");
            usage(11, pieces.length);
            done();
        }

        /// Closes the connection here.
        public void cut() throws IOException {
            throw new EOFException("cut by the script");
        }

        /// Says nothing more until the caller closes its connection.
        public void hang() throws IOException {
            if (in.read() < 0) {
                hangUps.add(request);
            }
            throw new EOFException("the caller hung up");
        }

        private static String chunk(String choice) {
            return "{\"id\":\"up\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":["
                    + choice + "]}";
        }
    }
}
