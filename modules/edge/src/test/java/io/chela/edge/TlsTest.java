package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.spi.PemFile;
import io.chela.testkit.PemFiles;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What only TLS can do; that all else is as in plain HTTP is shown by the tests called OverTls.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private final LinkedBlockingQueue<String> hungUp = new LinkedBlockingQueue<>();
    private TestEdge edge;

    @BeforeAll
    void start() {
        edge = TestEdge.with(Wire.TLS, this::routes);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private void routes(HttpRouting.Builder http) {
        Paths.only(http, "/", Method.GET, (_, response) -> response.send("here"));
        Paths.only(
                http,
                "/peer",
                Method.GET,
                (_, response) -> response.send(Line.CURRENT.get().remoteAddress() + " "
                        + Line.CURRENT.get().isSecure()));
        Paths.only(http, "/stream", Method.GET, (_, response) -> {
            var left = new CountDownLatch(1);
            try (OutputStream out = response.outputStream();
                    var _ = Line.CURRENT.get().onHangup(left::countDown)) {
                out.write("data: 1\n\n".getBytes(ISO_8859_1));
                out.flush();
                if (left.await(20, TimeUnit.SECONDS)) {
                    hungUp.add("left");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static TlsIdentity identity(Path folder, String... options) {
        var files = PemFiles.make(folder, "other", options);
        return new TlsIdentity(PemFile.certificates(files.certificate()), PemFile.privateKey(files.key()));
    }

    private TestEdge endingAfter(Duration silence) {
        return TestEdge.with(Wire.TLS, this::routes, TestEdge.each(silence));
    }

    private static Socket connect(TestEdge edge) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), edge.server().port());
    }

    private RawClient client(String version) {
        return new RawClient(
                "127.0.0.1",
                edge.server().port(),
                plain -> Wire.secure(plain, Wire.TLS.identity().orElseThrow(), version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksBothVersionsAndKeepsTheConnection(String version) {
        try (var client = client(version)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/peer").answer().body()).isEqualTo("127.0.0.1 true");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsInTheWordsOfTlsWhenTheAnswerClosesTheConnection(String version) throws IOException {
        try (var plain = connect(edge);
                var socket = Wire.secure(plain, Wire.TLS.identity().orElseThrow(), version)) {
            socket.setSoTimeout(RawClient.PATIENCE_MS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
            // An end without close_notify is an SSLException here.
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsInTheWordsOfTlsAfterAWatchedAnswer(String version) throws IOException {
        try (var own = TestEdge.with(
                        Wire.TLS,
                        http -> Paths.only(http, "/", Method.GET, (_, response) -> {
                            try (var _ = Line.CURRENT.get().onHangup(() -> {})) {
                                response.send("watched");
                            }
                        }));
                var plain = connect(own);
                var socket = Wire.secure(plain, Wire.TLS.identity().orElseThrow(), version)) {
            socket.setSoTimeout(RawClient.PATIENCE_MS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("watched");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void noticesACloseNotifyInTheMiddleOfAStream(String version) throws InterruptedException {
        try (var client = client(version)) {
            client.get("/stream").until("data: 1"); // or the handler is still writing, and learns it from that
            client.halfClose(); // which is a close_notify and nothing more
            assertThat(hungUp.poll(10, TimeUnit.SECONDS)).isEqualTo("left");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void noticesAResetInTheMiddleOfAStream(String version) throws InterruptedException {
        try (var client = client(version)) {
            client.get("/stream").until("data: 1");
            client.reset();
            assertThat(hungUp.poll(10, TimeUnit.SECONDS)).isEqualTo("left");
        }
    }

    @Test
    void closesAPlainCallerAndLogsNoWarning() {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        var handler = collecting(logged);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try (var client = edge.plainClient()) {
            String rest = client.get("/").rest();
            assertThat(rest).doesNotContain("HTTP").hasSizeLessThan(100); // at most a TLS alert
        } finally {
            root.removeHandler(handler);
        }
        assertThat(logged).noneMatch(line -> line.getLevel().intValue() >= Level.WARNING.intValue());
    }

    private static Handler collecting(List<LogRecord> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void closesACallerThatNeverBeginsToShakeHands() {
        try (var own = endingAfter(TestEdge.SHORT);
                var client = own.plainClient()) {
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void closesACallerThatSendsHalfAClientHello() throws IOException {
        byte[] hello = clientHello();
        try (var own = endingAfter(TestEdge.SHORT);
                var client = own.plainClient()) {
            assertThat(client.send(Arrays.copyOf(hello, hello.length / 2)).rest())
                    .isEmpty();
        }
    }

    /// The whole one is answered, and Helidon holds a lock while it waits for what never comes.
    @Test
    void closesACallerThatFallsSilentAfterItsClientHello() throws IOException {
        byte[] hello = clientHello();
        try (var own = endingAfter(Duration.ofSeconds(4)); // of which the answer takes a part
                var client = own.plainClient()) {
            assertThat(client.send(hello).rest()).isNotEmpty();
        }
    }

    /// What a client says first, taken from a socket that nobody answers.
    private static byte[] clientHello() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                var plain = new Socket(server.getInetAddress(), server.getLocalPort());
                var accepted = server.accept();
                SSLSocket client = Wire.secure(plain, Wire.TLS.identity().orElseThrow(), "TLSv1.3")) {
            var shaking = Thread.ofVirtual().start(() -> {
                try {
                    client.startHandshake();
                } catch (IOException _) {
                    // cut below
                }
            });
            accepted.setSoTimeout(RawClient.PATIENCE_MS);
            byte[] head = accepted.getInputStream().readNBytes(5);
            var hello = new ByteArrayOutputStream();
            hello.writeBytes(head);
            hello.writeBytes(accepted.getInputStream().readNBytes(((head[3] & 0xff) << 8) | (head[4] & 0xff)));
            accepted.shutdownOutput();
            shaking.join();
            return hello.toByteArray();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsTheConnectionOneTooMany() {
        var limits = new EdgeLimits(1_000, 1_000, 1_000, 1_000, 1, EdgeLimits.Times.DEFAULTS);
        try (var own = TestEdge.with(Wire.TLS, _ -> {}, _ -> limits)) {
            try (var first = own.client()) {
                assertThat(first.get("/healthz").answer().status()).isEqualTo(200);
                try (var second = own.client()) {
                    assertThatThrownBy(() -> second.get("/healthz").answer()).isInstanceOf(UncheckedIOException.class);
                }
                assertThat(first.get("/healthz").answer().status()).isEqualTo(200);
            }
            assertThat(TestEdge.soon(() -> accepts(own))).isTrue();
        }
    }

    private static boolean accepts(TestEdge own) {
        try (var client = own.client()) {
            return client.get("/healthz").answer().status() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    @Test
    void refusesToShakeHandsAgain() throws IOException {
        try (var plain = connect(edge);
                var socket = Wire.secure(plain, Wire.TLS.identity().orElseThrow(), "TLSv1.2")) {
            socket.setSoTimeout(RawClient.PATIENCE_MS);
            socket.startHandshake();
            socket.startHandshake();
            assertThatThrownBy(() -> {
                        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void servesAnRsaCertificateToo(@TempDir Path folder) throws IOException {
        var rsa = identity(folder, "-keyalg", "RSA", "-keysize", "2048");
        var web = new EdgeSettings.Web(Optional.of(rsa), Cors.OFF, Optional.of("max-age=60"));
        try (var own = TestEdge.behind(web, TestEdge.feature(this::routes, _ -> {}), limits -> limits);
                var client =
                        new RawClient("127.0.0.1", own.server().port(), plain -> Wire.secure(plain, rsa, "TLSv1.3"))) {
            var answer = client.get("/").answer();
            assertThat(answer.body()).isEqualTo("here");
            assertThat(answer.header("strict-transport-security")).contains("max-age=60");
        }
    }
}
