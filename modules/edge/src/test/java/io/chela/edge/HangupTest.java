package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HangupTest {
    private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> hungUp = new LinkedBlockingQueue<>();
    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.with(wire(), this::routes);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private void routes(HttpRouting.Builder http) {
        Paths.only(http, "/wait/{ms}", Method.POST, this::await);
        Paths.only(http, "/now", Method.GET, (_, response) -> response.send("now"));
    }

    /// Blocks for the given time, or until the caller leaves.
    private void await(ServerRequest request, ServerResponse response) throws InterruptedException {
        String body = request.content().hasEntity() ? request.content().as(String.class) : "";
        int millis = Integer.parseInt(request.path().pathParameters().get("ms"));
        var left = new CountDownLatch(1);
        try (var _ = Line.CURRENT.get().onHangup(left::countDown)) {
            waiting.add(body);
            if (left.await(millis, TimeUnit.MILLISECONDS)) {
                hungUp.add(body);
            }
        }
        response.send("waited " + body.length());
    }

    @Test
    void tellsABlockedHandlerThatItsCallerClosed() throws InterruptedException {
        try (var client = edge.client()) {
            client.post("/wait/20000", "fin");
            assertThat(waiting.poll(10, TimeUnit.SECONDS)).isEqualTo("fin");
        }
        assertThat(hungUp.poll(10, TimeUnit.SECONDS)).isEqualTo("fin");
    }

    @Test
    void tellsABlockedHandlerThatItsCallerReset() throws InterruptedException {
        try (var client = edge.client()) {
            client.post("/wait/20000", "rst");
            assertThat(waiting.poll(10, TimeUnit.SECONDS)).isEqualTo("rst");
            client.reset();
            assertThat(hungUp.poll(10, TimeUnit.SECONDS)).isEqualTo("rst");
        }
    }

    @Test
    void takesAHalfCloseForAHangUp() throws InterruptedException {
        try (var client = edge.client()) {
            client.post("/wait/20000", "half");
            assertThat(waiting.poll(10, TimeUnit.SECONDS)).isEqualTo("half");
            client.halfClose();
            assertThat(hungUp.poll(10, TimeUnit.SECONDS)).isEqualTo("half");
        }
    }

    @Test
    void tellsAHandlerThatBeginsToWatchTooLate() {
        try (var client = edge.client()) {
            client.post("/wait/20000", "early");
            client.halfClose();
            assertThat(client.rest()).isNotNull();
            assertThat(TestEdge.soon(() -> hungUp.remove("early"))).isTrue();
            waiting.remove("early");
        }
    }

    @Test
    void answersWhatWasPipelinedWhileItWatched() throws InterruptedException {
        try (var client = edge.client()) {
            client.post("/wait/300", "first");
            assertThat(waiting.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
            client.get("/now").post("/wait/1", "x".repeat(50_000)).get("/now");
            assertThat(client.answer().body()).isEqualTo("waited 5");
            assertThat(client.answer().body()).isEqualTo("now");
            assertThat(client.answer().body()).isEqualTo("waited 50000");
            assertThat(client.answer().body()).isEqualTo("now");
            waiting.clear();
        }
    }

    @Test
    void servesTheNextRequestOfAConnectionThatWasWatched() {
        try (var client = edge.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.post("/wait/0", "again").answer().body()).isEqualTo("waited 5");
            }
            waiting.clear();
        }
    }

    @Test
    void endsAtOnceWhenTheServerStops() {
        var own = TestEdge.with(wire(), this::routes);
        try (var idle = own.client()) {
            assertThat(idle.get("/now").answer().body()).isEqualTo("now");
            long before = System.nanoTime();
            own.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(idle.rest()).isEmpty();
        }
    }
}
