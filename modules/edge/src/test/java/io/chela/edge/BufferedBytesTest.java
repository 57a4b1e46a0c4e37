package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Budget;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `limits.bufferedBytes`: what is held for all callers of both doors together.
class BufferedBytesTest {
    private static final int MB = 1024 * 1024;
    private static final WsLimits LIMITS =
            new WsLimits(WsLimits.MAX_MESSAGE_BYTES, 64L * MB, Duration.ofSeconds(25), Duration.ofSeconds(4));

    private final Budget budget = new Budget(16L * MB);
    private final CountDownLatch finish = new CountDownLatch(1);
    private final Semaphore talked = new Semaphore(0);
    private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final Queue<Budget.Hold> kept = new ConcurrentLinkedQueue<>();
    private final TestEdge edge = TestEdge.within(budget, TestEdge.feature(this::routes, this::sockets));

    private void routes(HttpRouting.Builder http) {
        http.post("/take", (request, response) -> response.send("got " + read(request)));
        http.post("/hold", this::holdUntilTold);
        http.post("/pass-on", (request, response) -> {
            int length = read(request);
            Line.CURRENT.get().passedOn();
            response.send("got " + length + ", held " + budget.held());
        });
    }

    private static int read(ServerRequest request) {
        return request.content().as(byte[].class).length;
    }

    private void holdUntilTold(ServerRequest request, ServerResponse response) throws InterruptedException {
        int length = read(request);
        finish.await();
        response.send("got " + length);
    }

    private void sockets(WsRouting.Builder ws) {
        ws.endpoint("/ws", WsDoor.with(LIMITS, Talker::new));
    }

    /// Says how long messages are, keeps the memory of those that ask for it, and talks without end when told to.
    private final class Talker implements WsHandler {
        @Override
        public void opened(WsChannel channel) {}

        @Override
        public void text(WsChannel channel, String message) {
            if (message.startsWith("keep")) {
                kept.add(channel.handOver());
            }
            int answers = message.startsWith("talk") ? Integer.parseInt(message.substring("talk".length())) : 0;
            for (int i = 0; i < answers; i++) {
                channel.send("x".repeat(MB));
            }
            channel.send("got " + message.length());
            talked.release();
        }

        @Override
        public void closed(WsChannel channel, WsEnd end) {
            closed.add(end.code());
        }
    }

    @AfterEach
    void stop() {
        finish.countDown();
        edge.close();
        kept.forEach(Budget.Hold::close);
        assertThat(budget.held()).as("all of it is given back").isZero();
    }

    private static String body(int bytes) {
        return "x".repeat(bytes);
    }

    @Test
    void refusesALargeBodyBesideOthersWith503AndRetryAfter_andTheNextSmallOneIsServed() {
        try (var first = edge.client();
                var second = edge.client();
                var small = edge.client()) {
            first.post("/hold", body(3 * MB));
            assertThat(TestEdge.soon(() -> budget.held() >= 12L * MB)).isTrue();
            var refused = second.offer(
                            "POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: " + 2 * MB + "\r\n\r\n" + body(2 * MB))
                    .answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).contains("1");
            assertThat(refused.body()).contains("busy with other large requests");
            assertThat(refused.closes()).isTrue();
            assertThat(small.post("/take", "hello").answer().body()).isEqualTo("got 5");
            finish.countDown();
            assertThat(first.answer().body()).isEqualTo("got " + 3 * MB);
        }
    }

    @Test
    void letsInABodyThatNeedsMoreThanAllThereIsWhenNothingElseIsHeld() {
        try (var caller = edge.client()) {
            assertThat(caller.post("/take", body(19 * MB)).answer().body()).isEqualTo("got " + 19 * MB);
        }
    }

    @Test
    void countsABodyOfUnknownLengthAsItComes() {
        try (var first = edge.client();
                var second = edge.client()) {
            first.post("/hold", body(3 * MB));
            assertThat(TestEdge.soon(() -> budget.held() >= 12L * MB)).isTrue();
            second.send("POST /take HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            second.offer(Integer.toHexString(3 * MB) + "\r\n" + body(3 * MB) + "\r\n0\r\n\r\n");
            assertThat(second.answer().status()).isEqualTo(503);
        }
    }

    @Test
    void holdsForAHalfSentBodyWhatHasCome() {
        try (var half = edge.client();
                var whole = edge.client()) {
            half.send("POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: " + 20 * MB + "\r\n\r\n" + body(10_000));
            assertThat(TestEdge.soon(() -> budget.held() >= 10_000)).isTrue();
            assertThat(budget.held()).isLessThan(MB / 4);
            assertThat(whole.post("/take", body(3 * MB)).answer().body()).isEqualTo("got " + 3 * MB);
        }
        assertThat(TestEdge.soon(() -> budget.held() == 0)).isTrue();
    }

    /// Counted once, 6,000 connections with 16 KB of header each ended a process of 256 MB.
    @Test
    void countsAHeadAsOftenAsABody() {
        try (var half = edge.client()) {
            half.send("GET /take HTTP/1.1\r\nHost: x\r\nX: " + body(10_000));
            assertThat(TestEdge.soon(() -> budget.held() >= 40_000)).isTrue();
        }
        assertThat(TestEdge.soon(() -> budget.held() == 0)).isTrue();
    }

    @Test
    void holdsABodyOnceWhenItHasGoneOnToTheModel() {
        try (var caller = edge.client()) {
            String answer = caller.post("/pass-on", body(2 * MB)).answer().body();
            long held = Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
            assertThat(held).isBetween(2L * MB, 3L * MB);
        }
    }

    @Test
    void closesAWebSocketWhoseMessageDoesNotFitWith1013() throws InterruptedException {
        try (var first = edge.client();
                var other = RawWs.open(edge.client(), "/ws");
                var late = RawWs.open(edge.client(), "/ws")) {
            first.post("/hold", body(3 * MB));
            assertThat(TestEdge.soon(() -> budget.held() >= 12L * MB)).isTrue();
            assertThat(other.text("small").read().text()).isEqualTo("got 5");
            var sending = Thread.ofVirtual().start(() -> late.offer(body(2 * MB)));
            assertThat(late.readClose().closeCode()).isEqualTo(1013);
            sending.join();
        }
    }

    @Test
    void keepsTheMemoryOfAMessageThatSomebodyGoesOnWith() {
        try (var talk = RawWs.open(edge.client(), "/ws")) {
            assertThat(talk.text("keep" + body(MB)).read().text()).isEqualTo("got " + (MB + 4));
            assertThat(talk.text("small").read().text()).isEqualTo("got 5");
            assertThat(budget.held()).isBetween(4L * MB, 9L * MB);
            kept.forEach(Budget.Hold::close);
            assertThat(TestEdge.soon(() -> budget.held() < MB)).isTrue();
        }
    }

    @Test
    void countsTheFragmentsOfOneMessageTogether() {
        byte[] part = body(MB).getBytes(StandardCharsets.US_ASCII);
        try (var talk = RawWs.open(edge.client(), "/ws")) {
            talk.frame(RawWs.TEXT, false, part).frame(RawWs.CONTINUATION, false, part);
            assertThat(TestEdge.soon(() -> budget.held() >= 8L * MB)).isTrue();
            talk.frame(RawWs.CONTINUATION, true, part);
            assertThat(talk.read().text()).isEqualTo("got " + 3 * MB);
        }
    }

    @Test
    void closesTheFullestOutboxWith1008AndNobodyElse() throws InterruptedException {
        var stuck = edge.client();
        stuck.receiveBuffer(4_096);
        var reading = edge.client();
        reading.receiveBuffer(256 * 1024);
        try (var slow = RawWs.open(stuck, "/ws");
                var quick = RawWs.open(reading, "/ws");
                var good = RawWs.open(edge.client(), "/ws")) {
            slow.text("talk15"); // with one more it fills the budget alone, should its writer be late
            assertThat(TestEdge.soon(() -> budget.held() >= 10L * MB)).isTrue();
            quick.text("talk12");
            assertThat(talked.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 12; i++) {
                assertThat(quick.read().bytes()).hasSize(MB);
            }
            assertThat(quick.read().text()).isEqualTo("got 6");
            assertThat(good.text("again").read().text()).isEqualTo("got 5");
            assertThat(TestEdge.soon(() -> budget.held() < 3L * MB)).isTrue();
            stuck.reset();
            assertThat(closed.poll(10, TimeUnit.SECONDS))
                    .as("the slow one's end")
                    .isEqualTo(1008);
        }
    }
}
