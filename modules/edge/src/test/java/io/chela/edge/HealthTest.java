package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Budget;
import io.chela.auth.AuthRules;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
    private final AtomicBoolean started = new AtomicBoolean(true);
    private volatile List<String> failing = List.of();
    private final EdgeServer server = EdgeServer.start(
            new LiveGateway(TestGateway.of(
                    new EdgeSettings(List.of("127.0.0.1"), 0, EdgeLimits.DEFAULTS),
                    new Readiness() {
                        @Override
                        public List<String> failing() {
                            return failing;
                        }

                        @Override
                        public boolean started() {
                            return started.get();
                        }
                    },
                    AuthRules.defaults(Clock.systemUTC()))),
            Budget.ofHeap(),
            List.of());

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient.Answer get(String path, String... headers) {
        try (var client = new RawClient(server.port())) {
            return client.get(path, headers).answer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/healthz"})
    void isAliveAsSoonAsItListens(String path) {
        failing = List.of("all");
        var answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ok\":true,\"status\":\"live\"}");
        assertThat(answer.header("cache-control")).contains("no-store");
        assertThat(answer.header("content-length")).contains("27");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ready", "/readyz"})
    void isReadyWhenNothingFails(String path) {
        var answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).matches("\\{\"ready\":true,\"failing\":\\[],\"uptimeMs\":\\d+}");
    }

    @Test
    void tellsThisMachineWhatFails() {
        failing = List.of("model home/qwen3: loading");
        var answer = get("/readyz");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .matches("\\{\"ready\":false,\"failing\":\\[\"model home/qwen3: loading\"],\"uptimeMs\":\\d+}");
    }

    @Test
    void tellsNothingThroughAProxy() {
        failing = List.of("model home/qwen3: loading");
        assertThat(get("/readyz", "X-Forwarded-For: 10.0.0.1").body()).isEqualTo("{\"ready\":false}");
        assertThat(get("/startupz", "X-Forwarded-For: 10.0.0.1").body())
                .isEqualTo("{\"ok\":true,\"status\":\"started\"}");
    }

    @Test
    void saysWhetherStartingIsOver() {
        assertThat(get("/startupz").body()).matches("\\{\"ok\":true,\"status\":\"started\",\"uptimeMs\":\\d+}");
        started.set(false);
        var answer = get("/startup");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).startsWith("{\"ok\":false,\"status\":\"starting\",");
    }

    @Test
    void saysThatItDrains() {
        server.drain();
        assertThat(get("/readyz").body()).contains("\"failing\":[\"gateway-draining\"]");
        assertThat(get("/startupz").body()).startsWith("{\"ok\":false,\"status\":\"draining\",");
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void answersGetAndHeadOnly() {
        try (var client = new RawClient(server.port())) {
            var post = client.post("/healthz", "").answer();
            assertThat(post.status()).isEqualTo(405);
            assertThat(post.header("allow")).contains("GET, HEAD");
            client.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.headAnswer().header("content-length")).contains("27");
            assertThat(client.get("/healthz/x").answer().status()).isEqualTo(404);
        }
    }
}
