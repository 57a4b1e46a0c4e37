package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WsFramesTest {
    private static final int MOST = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What comes of these bytes, then the end.
    private static WsFrames of(List<byte[]> packets, Runnable heard) {
        Queue<byte[]> left = new ArrayDeque<>(packets);
        return new WsFrames(DataReader.create(left::poll), () -> MOST, heard, PATIENCE);
    }

    private static WsFrames of(byte[]... packets) {
        return of(List.of(packets), () -> {});
    }

    private static WsFrames ofHex(String bytes) {
        return of(HexFormat.of().parseHex(bytes.replace(" ", "")));
    }

    private static String text(byte[] frame) {
        return new String(frame, 14, frame.length - 14, UTF_8);
    }

    private static void assertRefused(WsFrames frames, int code) {
        assertThatExceptionOfType(WsFrames.Violation.class)
                .isThrownBy(frames::next)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({
        "c1 80 00000000, 1002, first reserved bit",
        "a1 80 00000000, 1002, second",
        "91 80 00000000, 1002, third",
        "83 80 00000000, 1002, reserved data opcode",
        "87 80 00000000, 1002, the last of them",
        "8b 80 00000000, 1002, reserved control opcode",
        "8f 80 00000000, 1002, the last of them",
        "81 01 78, 1002, no mask",
        "81 fe 007d, 1002, two bytes for a length that needs none",
        "81 ff 000000000000ffff, 1002, eight bytes for one that needs two",
        "81 ff 8000000000000000, 1002, top bit",
        "81 ff ffffffffffffffff, 1002, all bits",
        "81 ff 7fffffffffffffff, 1009, larger than any memory",
        "81 ff 0000000000010001, 1009, one too many",
        "89 fe 007e, 1002, ping of 126 bytes",
        "88 ff 0000000000010000, 1002, close of 64 KiB",
        "09 80 00000000, 1002, ping in fragments",
        "08 80 00000000, 1002, close in fragments",
        "80 80 00000000, 1002, continuation of nothing",
        "00 80 00000000, 1002, another",
        "01 80 00000000 81 80 00000000, 1002, message inside another",
        "01 80 00000000 82 80 00000000, 1002, binary inside a text",
        "88 81 00000000 03, 1002, close of one byte",
        "88 82 00000000 03e7, 1002, close 999",
        "88 82 00000000 03ec, 1002, close 1004",
        "88 82 00000000 03ed, 1002, close 1005",
        "88 82 00000000 03ee, 1002, close 1006",
        "88 82 00000000 03f7, 1002, close 1015",
        "88 82 00000000 07d0, 1002, close 2000",
        "88 82 00000000 1388, 1002, close 5000",
        "88 82 00000000 ffff, 1002, close 65535",
        "88 84 00000000 03e8c328, 1007, close with a broken reason",
        "81 82 00000000 c328, 1007, a text that is no UTF-8",
        "81 82 00000000 c080, 1007, overlong",
        "81 83 00000000 eda080, 1007, half a surrogate pair",
        "81 84 00000000 f4908080, 1007, above the last character",
        "81 81 00000000 c3, 1007, an unfinished character",
    })
    void refusesWhatTheRuleForbids(String bytes, int code, String what) {
        assertThat(what).isNotBlank();
        assertRefused(ofHex(bytes), code);
    }

    @Test
    void refusesInvalidUtf8ThatFragmentsSplit() {
        assertRefused(
                of(
                        RawWs.frameOf(RawWs.TEXT, false, new byte[] {'a', (byte) 0xe2}),
                        RawWs.frameOf(RawWs.CONTINUATION, true, new byte[] {(byte) 0x82})),
                1007);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1014, 3000, 4999})
    void takesTheCodesThatMayBeSent(int code) {
        byte[] payload = {(byte) (code >> 8), (byte) code};
        assertThat(of(RawWs.frameOf(RawWs.CLOSE, true, payload)).next()).endsWith(payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
    void givesEachMessageAsOneFrameWithoutAMask(int length) {
        byte[] frame = of(RawWs.frameOf(RawWs.TEXT, true, "x".repeat(length).getBytes(UTF_8)))
                .next();
        assertThat(frame).startsWith(0x81, 0xff).hasSize(14 + length);
        assertThat(text(frame)).isEqualTo("x".repeat(length));
    }

    @Test
    void joinsFragmentsThatComeByteByByteWithAPingBetween() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(RawWs.frameOf(RawWs.TEXT, false, "Hel".getBytes(UTF_8)));
        bytes.writeBytes(RawWs.frameOf(RawWs.PING, true, "?".getBytes(UTF_8)));
        bytes.writeBytes(RawWs.frameOf(RawWs.CONTINUATION, false, new byte[0]));
        bytes.writeBytes(RawWs.frameOf(RawWs.CONTINUATION, true, "lo €".getBytes(UTF_8)));
        bytes.writeBytes(RawWs.frameOf(RawWs.BINARY, true, "next".getBytes(UTF_8)));
        byte[][] single = new byte[bytes.size()][];
        for (int i = 0; i < single.length; i++) {
            single[i] = new byte[] {bytes.toByteArray()[i]};
        }
        var frames = of(single);
        assertThat(text(frames.next())).isEqualTo("?");
        assertThat(text(frames.next())).isEqualTo("Hello €");
        assertThat(frames.next()).startsWith(0x82).endsWith('n', 'e', 'x', 't');
    }

    @Test
    void countsFragmentsThatBringNothing() {
        var packets = new byte[MOST][];
        Arrays.fill(packets, RawWs.frameOf(RawWs.CONTINUATION, false, new byte[0]));
        packets[0] = RawWs.frameOf(RawWs.TEXT, false, new byte[0]);
        assertRefused(of(packets), 1009);
    }

    /// Room for what is announced would let a thousand sockets of 14 bytes each end the process.
    @Test
    void makesRoomForWhatHasComeAndNotForWhatIsAnnounced() {
        var frames = new WsFrames(
                DataReader.create(
                        new ArrayDeque<>(List.of(
                                new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1, 2, 3, 4, 5}))
                                ::poll),
                () -> Integer.MAX_VALUE,
                () -> {},
                PATIENCE);
        assertThatExceptionOfType(DataReader.InsufficientDataAvailableException.class)
                .isThrownBy(frames::next);
    }

    @Test
    void takesAHundredThousandFragmentsOfOneByteInNoTime() {
        int many = 100_000;
        var packet = new ByteArrayOutputStream();
        for (int i = 0; i < many; i++) {
            packet.writeBytes(RawWs.frameOf(i == 0 ? RawWs.TEXT : RawWs.CONTINUATION, i == many - 1, new byte[] {'x'}));
        }
        var frames = new WsFrames(
                DataReader.create(new ArrayDeque<>(List.of(packet.toByteArray()))::poll),
                () -> WsLimits.MAX_MESSAGE_BYTES,
                () -> {},
                PATIENCE);
        long began = System.nanoTime();
        assertThat(frames.next()).hasSize(14 + many);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void tellsThatAPeerIsThereWhileALongFrameComes() {
        byte[] frame = RawWs.frameOf(RawWs.BINARY, true, new byte[MOST]);
        int[] heard = {0};
        assertThat(of(List.of(frame), () -> heard[0]++).next()).hasSize(14 + MOST);
        assertThat(heard[0]).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"30000, ping", "0, slow"})
    void endsAMessageThatPongsBetweenItsFragmentsKeepUnfinished(int patienceMillis, String outcome) {
        Queue<byte[]> left = new ArrayDeque<>(List.of(
                HexFormat.of().parseHex("018100000000" + "78"), HexFormat.of().parseHex("898000000000")));
        var frames = new WsFrames(
                DataReader.create(() -> {
                    long until = System.nanoTime() + Duration.ofMillis(10).toNanos();
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    return left.poll();
                }),
                () -> MOST,
                () -> {},
                Duration.ofMillis(patienceMillis));
        if (outcome.equals("slow")) {
            assertRefused(frames, 1008);
        } else {
            assertThat(frames.next()).startsWith(0x89);
        }
    }
}
