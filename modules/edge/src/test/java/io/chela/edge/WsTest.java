package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WsTest {
    private static final WsLimits LIMITS =
            new WsLimits(1_000, 8L * 1024 * 1024, Duration.ofSeconds(25), Duration.ofSeconds(4));
    private static final WsLimits CURT =
            new WsLimits(1_000, 8L * 1024 * 1024, Duration.ofSeconds(25), Duration.ofMillis(400));

    /// Of the latest connection: one that an earlier test left may still end.
    private volatile LinkedBlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final Semaphore flooded = new Semaphore(0);
    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.behind(wire(), TestEdge.feature(WsTest::filters, this::sockets), limits -> limits);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private static void filters(HttpRouting.Builder http) {
        http.addFilter((chain, request, response) -> {
            Line.CURRENT.get().attach(String.class, "from the filter");
            if (request.headers().contains(HeaderNames.ORIGIN)
                    && request.headers().get(HeaderNames.ORIGIN).get().contains("evil")) {
                Problems.send(response, new Problem.Forbidden("Not from there."));
            } else {
                chain.proceed();
            }
        });
    }

    private void sockets(WsRouting.Builder ws) {
        ws.endpoint("/ws", WsDoor.with(LIMITS, () -> new Parrot(false)));
        ws.endpoint("/bin", WsDoor.with(LIMITS, () -> new Parrot(true)));
        ws.endpoint("/curt", WsDoor.with(CURT, () -> new Parrot(false)));
    }

    /// Repeats, and obeys a few words.
    private final class Parrot implements WsHandler {
        private final boolean binary;
        private final LinkedBlockingQueue<Integer> told = closed;

        Parrot(boolean binary) {
            this.binary = binary;
        }

        @Override
        public void opened(WsChannel channel) {}

        @Override
        public void text(WsChannel channel, String message) {
            switch (message) {
                case "boom" -> throw new IllegalStateException("a secret");
                case "bye" -> channel.close(4001, "bye");
                case "who" -> channel.send(channel.line().attached(String.class).orElse("nobody"));
                case "more" -> {
                    channel.maxMessageBytes(WsLimits.MAX_MESSAGE_BYTES);
                    channel.send("more");
                }
                case "flood" -> flood(channel);
                default -> channel.send(message.length() > 1_000 ? "length " + message.length() : message);
            }
        }

        private void flood(WsChannel channel) {
            while (channel.send("x".repeat(64 * 1024))) {
                // until it is refused
            }
            flooded.release();
        }

        @Override
        public void closed(WsChannel channel, WsEnd end) {
            told.add(end.code());
        }

        @Override
        public boolean takesBinaryAsText() {
            return binary;
        }
    }

    private RawWs open(String path) {
        closed = new LinkedBlockingQueue<>();
        return RawWs.open(edge.client(), path);
    }

    private int closedWith() throws InterruptedException {
        Integer code = closed.poll(10, TimeUnit.SECONDS);
        return code == null ? -1 : code;
    }

    /// A frame that was unmasked through many small buffers took 70 s and a whole core.
    @Test
    void takesAVeryLongMessageAtOnce() {
        try (var ws = open("/ws")) {
            ws.text("more");
            assertThat(ws.read().text()).isEqualTo("more");
            Duration before = cpuTime();
            ws.text("x".repeat(24_000_000));
            assertThat(ws.read().text()).isEqualTo("length 24000000");
            assertThat(cpuTime().minus(before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /// What this process has used, whatever else the machine does.
    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Test
    void echoesATextAndKeepsItsOrder() {
        try (var ws = open("/ws")) {
            for (int i = 0; i < 100; i++) {
                ws.text("message " + i);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(ws.read().text()).isEqualTo("message " + i);
            }
        }
    }

    @Test
    void stampsTheHandshakeAndHandsOverWhatAFilterAttached() {
        try (var client = edge.client()) {
            var answer = RawWs.shake(client, "/ws", "x-request-id: abc");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.header("x-request-id")).contains("abc");
            assertThat(answer.header("connection")).contains("Upgrade");
        }
        try (var ws = open("/ws")) {
            assertThat(ws.text("who").read().text()).isEqualTo("from the filter");
        }
    }

    @Test
    void leavesOriginToTheFilters() {
        try (var client = edge.client()) {
            assertThat(RawWs.shake(client, "/ws", "Origin: https://good.example")
                            .status())
                    .isEqualTo(101);
        }
        try (var client = edge.client()) {
            assertThat(RawWs.shake(client, "/ws", "Origin: https://evil.example")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void answersABadKeyAndAnUnknownPathInHttp() {
        try (var client = edge.client()) {
            client.get("/ws", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: !!!");
            assertThat(client.answer().status()).isEqualTo(400);
        }
        try (var client = edge.client()) {
            assertThat(RawWs.shake(client, "/nowhere").status()).isEqualTo(404);
        }
    }

    @Test
    void joinsFragments() {
        try (var ws = open("/ws")) {
            ws.frame(RawWs.TEXT, false, "Hel".getBytes(UTF_8));
            ws.frame(RawWs.PING, true, "between".getBytes(UTF_8));
            ws.frame(RawWs.CONTINUATION, true, "lö".getBytes(UTF_8));
            assertThat(ws.read().opcode()).isEqualTo(RawWs.PONG);
            assertThat(ws.read().text()).isEqualTo("Hellö");
        }
    }

    @Test
    void joinsACharacterThatFragmentsSplit() {
        try (var ws = open("/ws")) {
            byte[] word = "lö€𝄞".getBytes(UTF_8);
            for (int i = 0; i < word.length; i++) {
                ws.frame(i == 0 ? RawWs.TEXT : RawWs.CONTINUATION, i == word.length - 1, new byte[] {word[i]});
            }
            assertThat(ws.read().text()).isEqualTo("lö€𝄞");
        }
    }

    @Test
    void answersAPingWithItsPayload() {
        try (var ws = open("/ws")) {
            var pong = ws.frame(RawWs.PING, true, "hi".getBytes(UTF_8)).read();
            assertThat(pong.opcode()).isEqualTo(RawWs.PONG);
            assertThat(pong.text()).isEqualTo("hi");
        }
    }

    @Test
    void echoesThePeersClose() throws InterruptedException {
        try (var ws = open("/ws")) {
            var close = ws.close(4321, "why").readClose();
            assertThat(close.closeCode()).isEqualTo(4321);
            assertThat(close.closeReason()).isEqualTo("why");
            assertThat(ws.rest()).isEmpty();
            assertThat(closedWith()).isEqualTo(4321);
        }
    }

    @Test
    void answersACloseCodeThatMustNotBeSentWith1002() {
        try (var ws = open("/ws")) {
            assertThat(ws.close(1005, "").readClose().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void cutsOffAPeerThatDoesNotAnswerItsClose() throws InterruptedException {
        try (var ws = open("/curt")) {
            var close = ws.text("bye").readClose();
            assertThat(close.closeCode()).isEqualTo(4001);
            assertThat(ws.rest()).isEmpty();
            assertThat(closedWith()).isEqualTo(4001);
        }
    }

    @Test
    void tellsItsHandlerThatThePeerVanished() throws InterruptedException {
        try (var ws = open("/ws")) {
            assertThat(ws.text("here").read().text()).isEqualTo("here");
        }
        assertThat(closedWith()).isEqualTo(1006);
    }

    @Test
    void hidesWhatAHandlerThrew() throws InterruptedException {
        try (var ws = open("/ws")) {
            var close = ws.text("boom").readClose();
            assertThat(close.closeCode()).isEqualTo(1011);
            assertThat(close.closeReason()).startsWith("internal error ").doesNotContain("secret");
            assertThat(closedWith()).isEqualTo(1011);
        }
    }

    @Test
    void refusesBinaryUnlessItsHandlerTakesIt() {
        byte[] bytes = "bytes".getBytes(UTF_8);
        try (var ws = open("/ws")) {
            assertThat(ws.frame(RawWs.BINARY, true, bytes).readClose().closeCode())
                    .isEqualTo(1003);
        }
        try (var ws = open("/bin")) {
            assertThat(ws.frame(RawWs.BINARY, true, bytes).read().text()).isEqualTo("bytes");
        }
    }

    @Test
    void limitsAMessageOverItsFragments() {
        try (var ws = open("/ws")) {
            byte[] part = "x".repeat(400).getBytes(UTF_8);
            ws.frame(RawWs.TEXT, false, part)
                    .frame(RawWs.CONTINUATION, false, part)
                    .frame(RawWs.CONTINUATION, true, part);
            assertThat(ws.readClose().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void refusesALargeFrameBeforeItIsWhole() {
        try (var ws = open("/ws")) {
            try {
                ws.frame(RawWs.TEXT, true, new byte[20_000_000]);
            } catch (UncheckedIOException _) {
                // refused while we were still writing
            }
            assertThat(ws.readClose().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void takesLargerMessagesOnceItsHandlerAllowsThem() {
        try (var ws = open("/ws")) {
            assertThat(ws.text("more").read().text()).isEqualTo("more");
            assertThat(ws.text("x".repeat(3_000_000)).read().text()).isEqualTo("length 3000000");
        }
    }

    @Test
    void closesQuietlyOnAFrameItCannotRead() {
        try (var ws = open("/ws")) {
            assertThat(ws.frame(3, true, new byte[0]).rest()).doesNotContain("HTTP");
        }
    }

    @Test
    void closesASlowReaderWith1008() throws InterruptedException {
        try (var ws = open("/curt")) {
            ws.text("flood");
            // A reader that is quicker than the flood would make it last.
            assertThat(flooded.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ws.readClose().closeCode()).isEqualTo(1008);
            assertThat(closedWith()).isEqualTo(1008);
        }
    }

    @Test
    void cutsOffAReaderThatNeverReads() throws InterruptedException {
        try (var own = TestEdge.behind(TestEdge.feature(_ -> {}, this::sockets), TestEdge::impatient)) {
            closed.clear();
            try (var ws = RawWs.open(own.client(), "/ws")) {
                ws.text("flood");
                assertThat(flooded.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                assertThat(closedWith()).isEqualTo(1008);
                assertThat(ws.rest()).isNotNull();
            }
        }
    }
}
