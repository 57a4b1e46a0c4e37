package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The thread of a connection's requests leaves when none comes for a while, and another one comes with the next.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttendanceTest {
    private static final WsLimits WS = new WsLimits(1_000, 1024 * 1024, Duration.ofSeconds(25), Duration.ofSeconds(1));

    /// Around the moment when the thread leaves, which is between 100 and 200 ms after an answer.
    private static final int SHORTEST_PAUSE_MILLIS = 90;

    private static final int CALLERS = 40;

    private final LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = edge();
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private TestEdge edge() {
        return TestEdge.behind(wire(), TestEdge.feature(this::routes, AttendanceTest::sockets), limits -> limits);
    }

    private void routes(HttpRouting.Builder http) {
        Paths.only(http, "/now", Method.POST, this::answer);
        Paths.only(http, "/until-hang-up", Method.POST, this::awaitHangUp);
        Paths.only(
                http,
                "/echo",
                Method.POST,
                (request, response) -> response.send(request.content().as(String.class)));
    }

    private static void sockets(WsRouting.Builder ws) {
        ws.endpoint("/ws", WsDoor.with(WS, () -> new WsHandler() {
            @Override
            public void opened(WsChannel channel) {}

            @Override
            public void text(WsChannel channel, String text) {
                channel.send(text);
            }

            @Override
            public void closed(WsChannel channel, WsEnd end) {}
        }));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        threads.add(Thread.currentThread());
        response.send("got " + request.content().as(String.class));
    }

    private void awaitHangUp(ServerRequest request, ServerResponse response) throws InterruptedException {
        var left = new CountDownLatch(1);
        try (var _ = Line.CURRENT.get().onHangup(left::countDown)) {
            left.await();
        }
        threads.add(Thread.currentThread());
    }

    /// Asks once and waits until the thread that answered has left.
    private Thread askAndBeLeft(RawClient client) throws InterruptedException {
        assertThat(client.post("/now", "first").answer().body()).isEqualTo("got first");
        Thread thread = threads.poll(10, TimeUnit.SECONDS);
        assertThat(thread).isNotNull();
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        return thread;
    }

    @Test
    void answersAgainOnAnotherThreadAfterAPause() throws InterruptedException {
        try (var client = edge.client()) {
            Thread first = askAndBeLeft(client);
            Thread second = askAndBeLeft(client);
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void answersRequestsThatFollowCloselyOnOneThread() throws InterruptedException {
        try (var client = edge.client()) {
            Set<Thread> all = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                assertThat(client.post("/now", "more").answer().body()).isEqualTo("got more");
                all.add(threads.take());
            }
            assertThat(all).hasSizeLessThan(25); // one, but for pauses of a busy machine
        }
    }

    @Test
    void takesABodyInPiecesAfterAPause_andWhatIsPipelinedBehindIt() throws InterruptedException {
        try (var client = edge.client()) {
            askAndBeLeft(client);
            client.send("POST /echo HT").send("TP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n");
            client.send("y".repeat(49_999)).send("zPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.answer().body()).hasSize(50_000).endsWith("yz");
            assertThat(client.answer().body()).isEqualTo("hi");
        }
    }

    @Test
    void seesAHangUpAfterAPause() throws InterruptedException {
        try (var client = edge.client()) {
            askAndBeLeft(client);
            client.post("/until-hang-up", "");
        }
        assertThat(threads.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void opensAWebSocketAfterAPause() throws InterruptedException {
        try (var client = edge.client()) {
            askAndBeLeft(client);
            var talk = RawWs.open(client, "/ws");
            assertThat(talk.text("hello").read().text()).isEqualTo("hello");
        }
    }

    @Test
    void endsAtOnceAConnectionThatNobodyAttendsToWhenTheServerStops() throws InterruptedException {
        var own = edge();
        try (var idle = own.client()) {
            askAndBeLeft(idle);
            own.close();
            assertThat(idle.rest()).isEmpty();
        }
    }

    @Test
    void losesNoRequestThatComesWhenTheThreadLeaves() throws InterruptedException, ExecutionException {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int pause = SHORTEST_PAUSE_MILLIS + 3 * i;
                all.add(callers.submit(() -> askWithPausesOf(pause)));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    private Void askWithPausesOf(int millis) throws InterruptedException {
        try (var client = edge.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.post("/echo", "number " + i).answer().body()).isEqualTo("number " + i);
                TimeUnit.MILLISECONDS.sleep(millis);
            }
        }
        return null;
    }
}
