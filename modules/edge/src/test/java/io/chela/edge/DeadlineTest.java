package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;

/// A phase that ends a connection here has a limit of 400 ms; the client waits for fifteen seconds.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadlineTest {
    /// Enough for a caller to connect and ask, on a busy machine.
    private static final Duration AMPLE = Duration.ofSeconds(4);

    private final CountDownLatch flooded = new CountDownLatch(1);
    private TestEdge edge;
    private TestEdge hasty; // about heads too

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.with(wire(), this::routes, TestEdge::impatient);
        hasty = endingAfter(TestEdge.SHORT);
    }

    @AfterAll
    void stop() {
        edge.close();
        hasty.close();
    }

    private TestEdge endingAfter(Duration silence) {
        return TestEdge.with(wire(), this::routes, TestEdge.each(silence));
    }

    private void routes(HttpRouting.Builder http) {
        Paths.only(http, "/", Method.GET, (_, response) -> response.send("here"));
        Paths.only(http, "/slow", Method.GET, (_, response) -> {
            Thread.sleep(AMPLE.plusSeconds(1));
            response.send("late");
        });
        Paths.only(
                http,
                "/echo",
                Method.POST,
                (request, response) -> response.send(request.content().as(String.class)));
        Paths.only(http, "/flood", Method.GET, (_, response) -> {
            try (OutputStream out = response.outputStream()) {
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                flooded.countDown();
            }
        });
    }

    @Test
    void holdsWithoutConfigurationWhatTheIssueNames() {
        var times = EdgeLimits.Times.DEFAULTS;
        assertThat(times.headers()).isEqualTo(Duration.ofSeconds(15));
        assertThat(times.body()).isEqualTo(Duration.ofSeconds(30));
        assertThat(times.idle()).isEqualTo(Duration.ofSeconds(60));
        assertThat(times.write()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void closesAConnectionThatSaysNothing() {
        try (var client = hasty.client()) {
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void closesAConnectionThatStopsInItsHeaders() {
        try (var own = endingAfter(AMPLE);
                var client = own.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n").rest()).isEmpty();
        }
    }

    @Test
    void closesAConnectionThatDripsItsHeaders() {
        try (var client = hasty.client()) {
            Thread.ofVirtual().start(() -> drip(client, "GET / HTTP/1.1\r\nHost: x\r\nX-Y: " + "y".repeat(1_000)));
            assertThat(client.rest()).isEmpty();
        }
    }

    private static void drip(RawClient client, String text) {
        try {
            for (int i = 0; i < text.length(); i++) {
                client.send(text.substring(i, i + 1));
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (UncheckedIOException | InterruptedException _) {
            // closed: what the test waits for
        }
    }

    @Test
    void closesAConnectionThatIdlesAfterAnAnswer() {
        try (var client = edge.client()) {
            assertThat(client.get("/").answer().body()).isEqualTo("here");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void answers408ToABodyThatStops() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.closes()).isTrue();
            assertThat(answer.body()).contains("did not arrive in time");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void answers408ToAChunkedBodyThatStops() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void answers408ToABodyThatDrips() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
            Thread.ofVirtual().start(() -> drip(client, "y".repeat(1_000)));
            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void letsAHandlerTakeLongerThanEveryLimit() {
        try (var own = endingAfter(AMPLE);
                var client = own.client()) {
            assertThat(client.get("/slow").answer().body()).isEqualTo("late");
            assertThat(client.get("/").answer().body()).isEqualTo("here");
        }
    }

    @Test
    void freesAHandlerWhoseCallerDoesNotRead() throws InterruptedException {
        try (var client = edge.client()) {
            client.receiveBuffer(8 * 1024);
            client.get("/flood");
            assertThat(flooded.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
