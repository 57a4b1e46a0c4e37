package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a WebSocket does with bytes that no decent client sends.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WsBadFramesTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAA==";
    private static final String[] GOOD = {
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + KEY
    };

    private final List<String> texts = new CopyOnWriteArrayList<>();
    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.behind(
                wire(),
                TestEdge.feature(_ -> {}, ws -> ws.endpoint("/ws", WsDoor.with(WsLimits.DEFAULTS, Echo::new))),
                limits -> limits);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private final class Echo implements WsHandler {
        @Override
        public void opened(WsChannel channel) {}

        @Override
        public void text(WsChannel channel, String message) {
            texts.add(message);
            if (message.equals("more")) {
                channel.maxMessageBytes(WsLimits.MAX_MESSAGE_BYTES);
            }
            channel.send(message.length() > 1_000 ? "length " + message.length() : message);
        }

        @Override
        public void closed(WsChannel channel, WsEnd end) {}
    }

    private RawWs open() {
        return RawWs.open(edge.client(), "/ws");
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "c1 80 00000000, 1002, reserved_bit",
        "83 80 00000000, 1002, reserved_opcode",
        "8b 80 00000000, 1002, reserved_control_opcode",
        "81 01 78, 1002, unmasked",
        "81 fe 0001 00000000 78, 1002, length_not_minimal",
        "81 ff ffffffffffffffff 00000000, 1002, negative_length",
        "89 fe 007e 00000000, 1002, control_frame_too_long",
        "09 80 00000000, 1002, control_frame_fragmented",
        "80 81 00000000 78, 1002, continuation_without_a_start",
        "01 81 00000000 78 81 81 00000000 78, 1002, message_within_a_fragmented_one",
        "82 81 00000000 78, 1003, binary",
        "81 82 00000000 c328, 1007, invalid_utf_8",
        "01 82 00000000 78c3 80 81 00000000 28, 1007, invalid_utf_8_split_over_fragments",
        "88 81 00000000 03, 1002, close_of_one_byte",
        "88 82 00000000 03ed, 1002, close_1005",
        "88 82 00000000 03e7, 1002, close_999",
        "88 82 00000000 1388, 1002, close_5000",
        "88 84 00000000 03e8 c328, 1007, close_reason_that_is_no_utf_8",
    })
    void closesWithACodeAndServesTheNext(String hex, int code, String what) {
        assertThat(what).isNotBlank();
        try (var ws = open()) {
            assertThat(ws.raw(bytes(hex)).readClose().closeCode()).isEqualTo(code);
            assertThat(ws.rest()).isEmpty();
        }
        try (var ws = open()) {
            assertThat(ws.text("next").read().text()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, 65536, 1000",
        "false, 65537, 1009",
        "false, 9223372036854775807, 1009",
        "true, 26214400, 1000",
        "true, 26214401, 1009"
    })
    void closesOnTheLengthAloneOver64KibBeforeAnd25MibAfterItsHandlerAllowsThem(boolean after, long length, int code) {
        try (var ws = open()) {
            if (after) {
                assertThat(ws.text("more").read().text()).isEqualTo("more");
            }
            ws.raw(bytes("81ff" + HexFormat.of().toHexDigits(length)));
            if (code == 1000) { // it waits for the mask and the rest; we give it what it may have
                ws.raw(0, 0, 0, 0).raw("x".repeat((int) length).getBytes(UTF_8)).close(1000, "");
            }
            assertThat(ws.readClose().closeCode()).isEqualTo(code);
        }
    }

    @Test
    void takesAHundredThousandFragmentsOfOneByteAndLimitsThemToo() {
        int many = 100_000;
        var packet = new ByteArrayOutputStream();
        IntStream.range(0, many)
                .forEach(i -> packet.writeBytes(
                        RawWs.frameOf(i == 0 ? RawWs.TEXT : RawWs.CONTINUATION, i == many - 1, new byte[] {'x'})));
        try (var ws = open()) {
            ws.text("more").read();
            long began = System.nanoTime();
            assertThat(ws.raw(packet.toByteArray()).read().text()).isEqualTo("length " + many);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
        try (var ws = open()) {
            try {
                ws.raw(packet.toByteArray());
            } catch (java.io.UncheckedIOException _) {
                // refused while we were still writing
            }
            assertThat(ws.readClose().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void answersAFloodOfPingsWithTheLatest() {
        var packet = new ByteArrayOutputStream();
        int pings = 20_000;
        IntStream.rangeClosed(1, pings)
                .forEach(i -> packet.writeBytes(
                        RawWs.frameOf(RawWs.PING, true, Integer.toString(i).getBytes(UTF_8))));
        try (var ws = open()) {
            ws.raw(packet.toByteArray());
            int pongs = 0;
            int last = 0;
            while (last < pings) {
                int next = Integer.parseInt(ws.read().text());
                assertThat(next).isGreaterThan(last);
                last = next;
                pongs++;
            }
            assertThat(pongs).isLessThanOrEqualTo(pings);
            assertThat(ws.text("still here").read().text()).isEqualTo("still here");
        }
    }

    @Test
    void doesNotLookAtFramesAfterAClose() {
        var packet = new ByteArrayOutputStream();
        packet.writeBytes(RawWs.frameOf(RawWs.CLOSE, true, new byte[] {0x0f, (byte) 0xa1}));
        packet.writeBytes(RawWs.frameOf(RawWs.TEXT, true, "too late".getBytes(UTF_8)));
        try (var ws = open()) {
            assertThat(ws.raw(packet.toByteArray()).readClose().closeCode()).isEqualTo(4001);
            assertThat(ws.rest()).isEmpty();
        }
        assertThat(texts).doesNotContain("too late");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-WebSocket-Version: 12          | 426 | two versions",
                "Sec-WebSocket-Version: 13          | 426 | the same twice",
                "Sec-WebSocket-Key: zz              | 400 | two keys",
            })
    void refusesAHandshakeThatSaysAThingTwice(String lines, int status, String what) {
        assertRefused(status, what, concat(GOOD, lines.split(",")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | Sec-WebSocket-Version: 12        | 426",
                "2 | Sec-WebSocket-Version: 12, 13    | 426",
                "2 | X: y                             | 426",
                "3 | Sec-WebSocket-Key: zz            | 400",
                "3 | Sec-WebSocket-Key: AAAA          | 400",
                "3 | X: y                             | 400",
                "1 | Connection: close                | 400",
            })
    void refusesAHandshakeThatLacksSomething(int line, String instead, int status) {
        String[] lines = GOOD.clone();
        lines[line] = instead;
        assertRefused(status, instead, lines);
    }

    private void assertRefused(int status, String what, String... lines) {
        try (var client = edge.client()) {
            var answer = client.get("/ws", lines).answer();
            assertThat(answer.status()).as(what).isEqualTo(status);
            assertThat(Json.readObject(answer.body()).at("/error/message").stringValue())
                    .isNotBlank();
            assertThat(answer.header("sec-websocket-version")).contains("13");
        }
    }

    @Test
    void refusesTwoOriginsOfAHandshakeToo() {
        try (var client = edge.client()) {
            var twice = concat(GOOD, new String[] {"Origin: http://localhost", "Origin: http://localhost"});
            assertThat(client.get("/ws", twice).answer().status()).isEqualTo(400);
        }
    }

    @Test
    void takesAPostThatWouldUpgradeForAPost() {
        try (var client = edge.client()) {
            client.send("POST /ws HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", GOOD) + "\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(404);
        }
    }

    private static String[] concat(String[] some, String[] more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(some), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }
}
