package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.spi.Model;
import io.chela.testkit.ScriptedProxy;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls through a proxy, and what a proxy can do wrong.
@Timeout(60)
class ProxyTest {
    private static final String CONSENT = "HTTP/1.1 200 Connection established\r\n\r\n";

    /// The password is `top secret`.
    private static final String USER = "gateway:top%20secret@";

    /// A model server behind a proxy, with more keys of the provider's entry and their values in turn.
    private static Model behind(int proxyPort, String baseUrl, String... more) {
        return through("http://" + USER + "127.0.0.1:" + proxyPort, baseUrl, more);
    }

    private static Model through(String proxyUrl, String baseUrl, String... more) {
        Map<String, String> entry = new HashMap<>(
                Map.of("baseUrl", baseUrl, "request.proxy.mode", "explicit-proxy", "request.proxy.url", proxyUrl));
        for (int i = 0; i < more.length; i += 2) {
            entry.put(more[i], more[i + 1]);
        }
        return Asked.model(entry);
    }

    @Test
    void tellsTheProxyWhereToAndTheServerTheRest() {
        try (var upstream = ScriptedUpstream.saying("ok");
                var proxy = ScriptedProxy.tunnelling("gateway", "top secret")) {
            var model = behind(proxy.port(), upstream.baseUrl(), "apiKey", "sk-1");
            assertThat(Asked.events(model)).hasSize(3);
            var asked = proxy.requests().getFirst();
            assertThat(asked.method() + " " + asked.path()).isEqualTo("CONNECT 127.0.0.1:" + upstream.port());
            assertThat(asked.headers())
                    .containsOnlyKeys("host", "proxy-authorization")
                    .containsEntry("host", asked.path());
            assertThat(upstream.requests().getFirst().path()).isEqualTo("/v1/chat/completions");
            assertThat(upstream.requests().getFirst().headers())
                    .containsEntry("authorization", "Bearer sk-1")
                    .doesNotContainKeys("proxy-authorization", "proxy-connection");
        }
    }

    @Test
    void leavesTheServersNameToTheProxy() {
        try (var upstream = ScriptedUpstream.saying("ok");
                var proxy = ScriptedUpstream.answering(ScriptedUpstream.Exchange::cut)) {
            String url = upstream.baseUrl().replace("127.0.0.1", "known-to-the-proxy-alone.invalid");
            Asked.failure(behind(proxy.port(), url));
            assertThat(proxy.requests().getFirst().path())
                    .isEqualTo("known-to-the-proxy-alone.invalid:" + upstream.port());
        }
    }

    @Test
    void usesATunnelAgain() throws Exception {
        try (var upstream = ScriptedUpstream.answering(
                        exchange -> exchange.json(
                                200,
                                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}"));
                var proxy = ScriptedProxy.tunnelling()) {
            var model = behind(proxy.port(), upstream.baseUrl());
            for (int turn = 0; turn < 3; turn++) {
                Asked.events(model);
            }
            assertThat(upstream.requests()).hasSize(3);
            assertThat(proxy.requests()).hasSize(1);
        }
    }

    @Test
    void neverSharesConnectionsWithAnEntryThatHasAnotherWay() {
        try (var upstream = ScriptedUpstream.saying("ok");
                var proxy = ScriptedProxy.tunnelling();
                var other = ScriptedProxy.tunnelling()) {
            Asked.events(Asked.model(upstream));
            Asked.events(behind(proxy.port(), upstream.baseUrl()));
            Asked.events(behind(other.port(), upstream.baseUrl()));
            assertThat(proxy.requests()).hasSize(1);
            assertThat(other.requests()).hasSize(1);
        }
    }

    /// @param answer what the proxy says to `CONNECT` before it closes the connection
    record Wrong(String answer, String words, boolean asksAgain) {}

    private static Stream<Arguments> answers() {
        return Stream.of(
                        new Wrong("HTTP/1.1 407 No\r\n\r\n", "did not accept the user and password of its URL", false),
                        new Wrong("HTTP/1.1 403 Forbidden\r\n\r\n", "refused the tunnel to h.invalid:443", false),
                        new Wrong("HTTP/1.1 502 Bad Gateway\r\nX: y\r\n\r\n<html>", "(status 502)", true),
                        new Wrong("HTTP/1.0 503 Busy\r\n\r\n", "(status 503)", true),
                        new Wrong("HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", "(status 302)", false),
                        new Wrong("HTTP/1.1 100 Continue\r\n\r\n", "(status 100)", false),
                        new Wrong(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", "bytes of its own", false),
                        new Wrong(CONSENT + "\u0016\u0003\u0003", "bytes of its own", false),
                        new Wrong("<html>\n<body>Welcome", "something that is no HTTP", false),
                        new Wrong("SSH-2.0-x\r\n", "something that is no HTTP", false),
                        new Wrong("HTTP/1.1 2000 OK\r\n\r\n", "something that is no HTTP", false),
                        new Wrong("HTTP/1.1 200 OK\r\nX: " + "y".repeat(Tunnel.MAX_HEAD), "more than 16 KiB", false),
                        new Wrong("HTTP/1.1 200 OK\r\nX: y", "closed the connection before", true),
                        new Wrong("", "closed the connection before", true))
                .map(wrong -> Arguments.of(org.junit.jupiter.api.Named.of(wrong.words(), wrong)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void saysThatItWasTheProxy(Wrong wrong) {
        try (var proxy = ScriptedUpstream.answering(exchange -> {
            exchange.raw(wrong.answer());
            exchange.cut();
        })) {
            assertBlamesTheProxy(
                    behind(proxy.port(), "https://h.invalid/v1"), proxy.port(), wrong.words(), wrong.asksAgain());
            assertThat(proxy.requests()).hasSize(1);
        }
    }

    private static void assertBlamesTheProxy(Model model, int port, String words, boolean asksAgain) {
        var problem = Asked.failure(model);
        assertThat(problem.kind()).isEqualTo(Kind.BROKEN);
        assertThat(problem.provider()).isEqualTo("home");
        assertThat(problem.message())
                .startsWith("The model provider 'home' at h.invalid through the proxy 127.0.0.1:" + port
                        + " cannot be reached: the proxy ")
                .contains(words)
                .doesNotContain("secret", "gateway:", "Basic");
        assertThat(problem.status().filter(status -> status < 500).isEmpty()).isEqualTo(asksAgain);
    }

    @Test
    void asksForACredentialWhereThereIsNone() {
        try (var proxy = ScriptedProxy.tunnelling("gateway", "top secret")) {
            assertThat(Asked.failure(through("127.0.0.1:" + proxy.port(), "https://h.invalid"))
                            .message())
                    .endsWith("the proxy wants a user and a password in its URL (status 407).");
        }
    }

    @Test
    void saysThatTheProxyIsDownOrUnknown() {
        var proxy = ScriptedProxy.tunnelling();
        proxy.close();
        assertBlamesTheProxy(
                behind(proxy.port(), "https://h.invalid/v1"), proxy.port(), "refuses the connection", true);
        assertThat(Asked.failure(through("http://no-such-proxy.invalid:3128", "https://h.invalid/v1"))
                        .message())
                .endsWith("the proxy has a host name that is not known.");
    }

    @Test
    void saysThatTheServerWasLostBehindTheProxy() {
        try (var proxy = ScriptedUpstream.answering(exchange -> {
            exchange.raw(CONSENT);
            exchange.cut();
        })) {
            assertThat(Asked.failure(behind(proxy.port(), "http://h.invalid/v1"))
                            .message())
                    .startsWith("The model provider 'home' at h.invalid through the proxy 127.0.0.1:" + proxy.port())
                    .doesNotContain("the proxy refused", "secret");
        }
    }

    @Test
    void givesUpOnAProxyThatSaysNothingOrDribbles() {
        try (var silent = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang);
                var dribbling = ScriptedUpstream.answering(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\n");
                    exchange.forEver("X: y\r\n", Duration.ofMillis(50));
                })) {
            for (var proxy : List.of(silent, dribbling)) {
                assertBlamesTheProxy(
                        behind(proxy.port(), "https://h.invalid/v1", "timeoutSeconds", "1"),
                        proxy.port(),
                        "did not open the tunnel in time",
                        true);
            }
        }
    }

    /// A port whose queue of connections is full: the kernel answers no more.
    @Test
    void givesUpOnAProxyThatTakesNoConnection() throws IOException {
        List<Socket> queue = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, queue);
            assertBlamesTheProxy(
                    behind(full.getLocalPort(), "https://h.invalid/v1", "timeoutSeconds", "1"),
                    full.getLocalPort(),
                    "did not open the tunnel in time",
                    true);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    static void fill(ServerSocket full, List<Socket> queue) throws IOException {
        try {
            while (true) {
                var socket = new Socket();
                queue.add(socket);
                socket.connect(full.getLocalSocketAddress(), 200);
            }
        } catch (java.net.SocketTimeoutException _) {
            // now it is
        }
    }
}
