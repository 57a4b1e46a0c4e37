package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.edge.TlsIdentity;
import io.chela.testkit.PemFiles;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class TlsGatewayTest {
    @TempDir
    private Path folder = Path.of("unset");

    private GatewayPair gateway(PemFiles files) throws IOException {
        return GatewayPair.with("""
                gateway:
                  tls: { enabled: true, certPath: "%s", keyPath: "%s" }
                  http: { endpoints: { chatCompletions: { enabled: true } } }
                """.formatted(files.certificate(), files.key()), folder);
    }

    /// As `chela agent --state-dir` finds it.
    private GatewayAddress found() {
        return GatewayAddress.find(
                new GatewayAddress.Options(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder.resolve("state"))),
                Map.of());
    }

    private static ObjectNode params(String key) {
        return Json.object().put("message", "hi").put("idempotencyKey", key);
    }

    @Test
    void isFoundAndTrustedByTheAgentCommandOfItsOwnStateFolder() throws Exception {
        try (var pair = gateway(PemFiles.make(folder, "it"))) {
            GatewayAddress address = found();
            assertThat(address.url())
                    .hasToString("wss://127.0.0.1:" + pair.gateway().port());
            assertThat(AgentCommand.ask(address, params("1")).path("ok").booleanValue(false))
                    .isTrue();
        }
    }

    @Test
    void isNotTrustedWhenItShowsAnotherCertificate() throws Exception {
        try (var pair = gateway(PemFiles.make(folder, "it"))) {
            GatewayAddress right = found();
            var otherPin = new GatewayAddress(right.url(), right.credential(), Optional.of("0".repeat(64)));
            var noPin = new GatewayAddress(
                    URI.create("wss://localhost:" + pair.gateway().port()), right.token());
            for (GatewayAddress address : new GatewayAddress[] {otherPin, noPin}) {
                assertThatThrownBy(() -> AgentCommand.ask(address, params("2")))
                        .isInstanceOf(UsageException.class)
                        .hasMessageContaining("is not trusted by this machine");
            }
        }
    }

    @Test
    void answersHttpsAndSaysSoInTheStartBlock() throws Exception {
        var files = PemFiles.make(folder, "it");
        try (var pair = gateway(files);
                var http = HttpClient.newBuilder()
                        .sslContext(
                                PinnedCertificate.context(found().certificate().orElseThrow()))
                        .build()) {
            int port = pair.gateway().port();
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/healthz"));
            assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            var lines = StartBlock.lines(pair.gateway(), 1);
            assertThat(lines).anyMatch(line -> line.contains("ready on https://127.0.0.1:" + port));
            assertThat(lines)
                    .anyMatch(
                            line -> line.contains("curl -sS --cacert '" + files.certificate() + "' --resolve localhost:"
                                    + port + ":127.0.0.1 https://localhost:" + port + "/v1/chat/completions"))
                    .noneMatch(line -> line.contains("warning"));
        }
    }

    @Test
    void takesARenewedPairForNewConnectionsAndKeepsTheOldOneWhileTheyDoNotFit() throws Exception {
        var old = PemFiles.make(folder, "old");
        var renewed = PemFiles.make(folder, "renewed", "-keyalg", "RSA");
        var used = new PemFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        Files.copy(old.certificate(), used.certificate());
        Files.copy(old.key(), used.key());
        try (var pair = gateway(used)) {
            String before = shown(pair);
            assertThat(before).isEqualTo(found().certificate().orElseThrow());

            put(renewed.certificate(), used.certificate());
            pair.gateway().reread();
            assertThat(shown(pair)).isEqualTo(before);

            put(renewed.key(), used.key());
            pair.gateway().reread();
            String after = shown(pair);
            assertThat(after).isNotEqualTo(before);
            assertThat(after).isEqualTo(found().certificate().orElseThrow()); // the command line trusts the new one
            assertThat(AgentCommand.ask(found(), params("3")).path("ok").booleanValue(false))
                    .isTrue();
        }
    }

    private static void put(Path from, Path to) throws IOException {
        Path next = Files.copy(from, to.resolveSibling("next"));
        Files.move(next, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The SHA-256 of the certificate that a new connection is shown.
    private static String shown(GatewayPair pair) throws Exception {
        var context = SSLContext.getInstance("TLS");
        var seen = new AtomicReference<String>();
        context.init(null, new TrustManager[] {new Looking(seen)}, null);
        try (var socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", pair.gateway().port())) {
            socket.startHandshake();
        }
        return seen.get();
    }

    /// Trusts whatever it sees.
    private static final class Looking extends X509ExtendedTrustManager {
        private final AtomicReference<String> seen;

        Looking(AtomicReference<String> seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            seen.set(TlsIdentity.fingerprint(chain[0]));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            seen.set(TlsIdentity.fingerprint(chain[0]));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            seen.set(TlsIdentity.fingerprint(chain[0]));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void startsWithAnExpiredCertificateAndWarns() throws Exception {
        try (var pair = gateway(PemFiles.make(folder, "old", "-startdate", "-10d", "-validity", "5"))) {
            assertThat(StartBlock.lines(pair.gateway(), 1))
                    .anyMatch(line -> line.startsWith("warning: gateway.tls.certPath: the certificate expired at "));
        }
    }
}
