package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.ScriptedProxy;
import io.chela.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that reaches its provider through a proxy: what its caller, its operator and its log get to see.
class OutboundTest {
    private static final String BODY = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PASSWORD = "proxy-passw0rd";

    @TempDir
    private Path folder = Path.of("unset");

    private GatewayPair gateway(String baseUrl, String proxy, Map<String, String> environment) throws Exception {
        return GatewayPair.with("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                logging: { level: trace }
                agents: { defaults: { model: home/m } }
                models:
                  providers:
                    home:
                      baseUrl: "%s?api-version=2024-10-21"
                      models: [ { id: m } ]
                      request:
                        auth: { mode: header, headerName: api-key, value: azure-key-value }
                        proxy: %s
                """.formatted(baseUrl, proxy), folder, environment);
    }

    private void assertTellsNoSecret(GatewayPair pair, HttpResponse<String> answer) throws Exception {
        Path log = pair.gateway().stateFolder().resolve("logs/chela.log");
        pair.close(); // writes the log to its end
        String seen = String.join("\n", StartBlock.lines(pair.gateway(), 1)) + answer.body() + Files.readString(log);
        assertThat(seen).contains("through the proxy 127.0.0.1:").doesNotContain(PASSWORD, "Basic ", "azure-key-value");
    }

    @Test
    void answersThroughTheProxyOfTheEnvironment() throws Exception {
        try (var upstream = ScriptedUpstream.saying("ok");
                var proxy = ScriptedProxy.tunnelling("me", PASSWORD)) {
            String url = "http://me:" + PASSWORD + "@127.0.0.1:" + proxy.port();
            var pair = gateway(upstream.baseUrl(), "{ mode: env-proxy }", Map.of("HTTP_PROXY", url));
            var answer = pair.chat(BODY);
            assertThat(answer.statusCode()).isEqualTo(200);
            var request = upstream.requests().getFirst();
            assertThat(request.path()).isEqualTo("/v1/chat/completions?api-version=2024-10-21");
            assertThat(request.headers())
                    .containsEntry("api-key", "azure-key-value")
                    .doesNotContainKey("authorization");
            assertThat(pair.gateway().destination(pair.gateway().defaultAgent().model()))
                    .isEqualTo("http://127.0.0.1:" + upstream.port() + " through the proxy 127.0.0.1:" + proxy.port());
            assertTellsNoSecret(pair, answer);
        }
    }

    @Test
    void saysThatItWasTheProxy() throws Exception {
        try (var proxy = ScriptedProxy.tunnelling("me", "another")) {
            String url = "http://me:" + PASSWORD + "@127.0.0.1:" + proxy.port();
            var pair = gateway("https://h.invalid/v1", "{ mode: explicit-proxy, url: \"" + url + "\" }", Map.of());
            var answer = pair.chat(BODY);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(Json.readObject(answer.body()).at("/error/message").stringValue())
                    .isEqualTo("The model provider 'home' at h.invalid through the proxy 127.0.0.1:" + proxy.port()
                            + " cannot be reached: the proxy did not accept the user and password of its URL"
                            + " (status 407).");
            assertThat(proxy.requests()).hasSize(1);
            assertTellsNoSecret(pair, answer);
        }
    }
}
