package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.testkit.PemFiles;
import io.chela.testkit.PrivateAuthority;
import io.chela.testkit.ScriptedProxy;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers, and proxies, whose certificates a private authority has signed.
@Timeout(60)
class OutboundTlsTest {
    private static final String LOCALHOST = "localhost";

    /// @param files the server's; a client may show them, too
    private record Made(PrivateAuthority authority, PemFiles files, SSLContext server, Path stranger) {}

    private static Optional<Made> made = Optional.empty();

    @BeforeAll
    static void make(@TempDir Path folder) throws IOException, GeneralSecurityException {
        var authority = PrivateAuthority.make(folder);
        var files = authority.issue(LOCALHOST, "dns:" + LOCALHOST);
        made = Optional.of(
                new Made(authority, files, authority.server(LOCALHOST), stranger(folder.resolve("stranger.pem"))));
    }

    /// An authority that the JDK knows, and that has signed nothing here.
    private static Path stranger(Path file) throws IOException, GeneralSecurityException {
        var usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        usual.init((KeyStore) null);
        var known = ((X509TrustManager) usual.getTrustManagers()[0]).getAcceptedIssuers()[0];
        String base64 = Base64.getMimeEncoder().encodeToString(known.getEncoded());
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    private static Made made() {
        return made.orElseThrow();
    }

    private static String caPath() {
        return made().authority().certificate().toString();
    }

    private static ScriptedUpstream saying() {
        return ScriptedUpstream.answering(made().server(), exchange -> exchange.say("ok"));
    }

    private static Map<String, String> entry(ScriptedUpstream upstream, String... more) {
        Map<String, String> entry =
                new HashMap<>(Map.of("baseUrl", upstream.baseUrl().replace("127.0.0.1", LOCALHOST)));
        for (int i = 0; i < more.length; i += 2) {
            entry.put(more[i], more[i + 1]);
        }
        return entry;
    }

    private static void assertAnswers(ScriptedUpstream upstream, String... more) {
        assertThat(Asked.events(Asked.model(entry(upstream, more)))).hasSize(3);
    }

    private static void assertIsNotTrusted(ScriptedUpstream upstream, String... more) {
        Problem.Upstream problem = Asked.failure(Asked.model(entry(upstream, more)));
        assertThat(problem.message())
                .contains("cannot be reached: its certificate is not trusted, or is for another name");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void trustsAnAuthorityOfTheFileAlone() {
        try (var upstream = saying()) {
            assertIsNotTrusted(upstream);
            assertIsNotTrusted(upstream, "request.tls.caPath", made().stranger().toString());
            assertAnswers(upstream, "request.tls.caPath", caPath());
        }
    }

    @Test
    void trustsAnAuthorityWrittenIntoTheFile() throws IOException {
        try (var upstream = saying()) {
            assertAnswers(
                    upstream,
                    "request.tls.ca",
                    Files.readString(made().authority().certificate()));
        }
    }

    @Test
    void wantsACertificateForTheNameThatIsCalledOrConfigured() {
        try (var upstream = saying()) {
            String[] byAddress = {"baseUrl", upstream.baseUrl(), "request.tls.caPath", caPath()};
            assertIsNotTrusted(upstream, byAddress);
            assertAnswers(upstream, with(byAddress, "request.tls.serverName", LOCALHOST));
        }
        try (var upstream = saying()) {
            assertIsNotTrusted(upstream, "request.tls.caPath", caPath(), "request.tls.serverName", "api.example.org");
        }
    }

    private static String[] with(String[] entry, String... more) {
        return Stream.concat(Arrays.stream(entry), Arrays.stream(more)).toArray(String[]::new);
    }

    /// Of five calls the second comes on the first one's connection; after it the server says something that nobody
    /// asked for, and after the fourth it hangs up.
    @Test
    void callsAgainOnAConnectionThatWasSilent() throws Exception {
        List<Thread> connections = new CopyOnWriteArrayList<>(); // the server has a thread for each
        var idle = new Semaphore(0);
        try (var upstream = ScriptedUpstream.answering(made().server(), exchange -> {
            connections.add(Thread.currentThread());
            exchange.json(200, "{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}");
            if (connections.size() == 2) {
                exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                idle.release();
            } else if (connections.size() == 4) {
                idle.release();
                exchange.cut();
            }
        })) {
            var model = Asked.model(entry(upstream, "request.tls.caPath", caPath()));
            for (int call = 1; call <= 5; call++) {
                assertThat(Asked.events(model)).contains(new ModelEvent.Text("ok"));
                if (call == 2 || call == 4) {
                    assertThat(idle.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                }
                if (call == 4) {
                    connections.get(3).join();
                }
            }
        }
        assertThat(connections.get(1)).isSameAs(connections.get(0));
        assertThat(connections.get(2)).isNotSameAs(connections.get(1));
        assertThat(connections.get(3)).isSameAs(connections.get(2));
        assertThat(connections.get(4)).isNotSameAs(connections.get(3));
    }

    @Test
    void showsItsOwnCertificate() {
        try (var upstream = ScriptedUpstream.wantingCertificates(made().server(), exchange -> exchange.say("ok"))) {
            assertThat(Asked.failure(Asked.model(entry(upstream, "request.tls.caPath", caPath())))
                            .kind())
                    .isEqualTo(Problem.Upstream.Kind.BROKEN);
            assertAnswers(
                    upstream,
                    "request.tls.caPath",
                    caPath(),
                    "request.tls.certPath",
                    made().files().certificate().toString(),
                    "request.tls.keyPath",
                    made().files().key().toString());
        }
    }

    @Test
    void refusesAKeyThatIsNotTheCertificates() {
        Path another = made().authority().folder().resolve("authority.key");
        assertThatThrownBy(() -> Asked.model(Map.of(
                        "baseUrl", "https://localhost",
                        "request.tls.certPath", made().files().certificate().toString(),
                        "request.tls.keyPath", another.toString())))
                .hasMessage("request.tls.keyPath: is not the key of the certificate");
    }

    @Test
    void speaksTlsWithTheServerThroughTheTunnel() {
        try (var upstream = saying();
                var proxy = ScriptedProxy.tunnelling("me", "pw")) {
            String url = "http://me:pw@127.0.0.1:" + proxy.port();
            assertAnswers(
                    upstream,
                    "request.tls.caPath",
                    caPath(),
                    "request.proxy.mode",
                    "explicit-proxy",
                    "request.proxy.url",
                    url);
            assertThat(proxy.requests().getFirst().path()).isEqualTo(LOCALHOST + ":" + upstream.port());
        }
        try (var upstream = saying();
                var proxy = ScriptedProxy.tunnelling()) {
            assertIsNotTrusted(
                    upstream,
                    "baseUrl",
                    upstream.baseUrl(),
                    "request.tls.caPath",
                    caPath(),
                    "request.proxy.mode",
                    "explicit-proxy",
                    "request.proxy.url",
                    "http://127.0.0.1:" + proxy.port());
        }
    }

    @Test
    void speaksTlsWithTheProxyItself() {
        try (var upstream = saying();
                var proxy = ScriptedUpstream.answering(made().server(), ScriptedProxy::tunnel)) {
            String url = "https://localhost:" + proxy.port();
            assertAnswers(
                    upstream,
                    "request.tls.caPath",
                    caPath(),
                    "request.proxy.mode",
                    "explicit-proxy",
                    "request.proxy.url",
                    url,
                    "request.proxy.tls.caPath",
                    caPath());
            assertThat(Asked.failure(Asked.model(entry(
                                    upstream,
                                    "request.tls.caPath",
                                    caPath(),
                                    "request.proxy.mode",
                                    "explicit-proxy",
                                    "request.proxy.url",
                                    url)))
                            .message())
                    .endsWith("the proxy and the gateway found no common TLS, or its certificate is not trusted.");
        }
    }
}
