package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import io.chela.api.Budget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ListenTest {
    private static EdgeServer start(List<String> hosts, int port) {
        return EdgeServer.start(
                TestGateway.live(new EdgeSettings(hosts, port, EdgeLimits.DEFAULTS)), Budget.ofHeap(), List.of());
    }

    /// Skips the test and says why; with CI=true nothing may be skipped.
    private static void needsIpv6() {
        try (var _ = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return;
        } catch (IOException _) {
            String reason = "this machine has no IPv6 loopback address";
            if ("true".equals(System.getenv("CI"))) {
                fail("with CI=true nothing may be skipped: " + reason);
            }
            System.out.println("SKIPPED " + reason);
            Assumptions.abort(reason);
        }
    }

    @Test
    void listensOnBothLoopbackAddressesWithOnePort() {
        needsIpv6();
        try (var server = start(EdgeSettings.LOOPBACK, 0)) {
            assertThat(server.addresses()).containsExactly("127.0.0.1:" + server.port(), "[::1]:" + server.port());
            for (String host : EdgeSettings.LOOPBACK) {
                try (var client = new RawClient(host, server.port())) {
                    assertThat(client.get("/healthz").answer().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void saysThatTheFirstHostsPortIsInUse() {
        try (var first = start(List.of("127.0.0.1"), 0)) {
            int port = first.port();
            assertThatThrownBy(() -> start(List.of("127.0.0.1"), port))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void goesOnWithoutALaterHost() throws IOException {
        needsIpv6();
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            try (var server = start(EdgeSettings.LOOPBACK, taken.getLocalPort())) {
                assertThat(server.addresses()).containsExactly("127.0.0.1:" + server.port());
            }
        }
    }

    @Test
    void saysThatAHostIsUnknown() {
        assertThatThrownBy(() -> start(List.of("no.such.host.invalid"), 0))
                .hasMessage("cannot listen on no.such.host.invalid: the name is unknown");
    }

    @Test
    void refusesTheConnectionOneTooMany() {
        var limits = new EdgeLimits(1_000, 1_000, 1_000, 1_000, 2, EdgeLimits.Times.DEFAULTS);
        try (var server = EdgeServer.start(
                        TestGateway.live(new EdgeSettings(List.of("127.0.0.1"), 0, limits)),
                        Budget.ofHeap(),
                        List.of());
                var first = new RawClient(server.port());
                var second = new RawClient(server.port())) {
            assertThat(first.get("/healthz").answer().status()).isEqualTo(200);
            assertThat(second.get("/healthz").answer().status()).isEqualTo(200);
            try (var third = new RawClient(server.port())) {
                var answer = third.answer();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).contains("\"code\":\"unavailable\"");
                assertThat(answer.header("retry-after")).contains("1");
                assertThat(answer.header("x-request-id")).isPresent();
                assertThat(third.rest()).isEmpty();
            }
            second.reset();
            assertThat(TestEdge.soon(() -> accepts(server.port()))).isTrue();
        }
    }

    private static boolean accepts(int port) {
        try (var client = new RawClient(port)) {
            return client.get("/healthz").answer().status() == 200;
        }
    }
}
