package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.testkit.PemFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
    void startsWithAnExpiredCertificateAndWarns() throws Exception {
        try (var pair = gateway(PemFiles.make(folder, "old", "-startdate", "-10d", "-validity", "5"))) {
            assertThat(StartBlock.lines(pair.gateway(), 1))
                    .anyMatch(line -> line.startsWith("warning: gateway.tls.certPath: the certificate expired at "));
        }
    }
}
