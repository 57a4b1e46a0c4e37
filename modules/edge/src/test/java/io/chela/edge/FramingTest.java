package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.ProblemException;
import io.helidon.http.RequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FramingTest {
    private static final EdgeLimits LIMITS = TestEdge.bodyBytes(EdgeLimits.DEFAULTS, 1_000);
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";

    /// Long ones are split at every such many bytes.
    private static final int MOST_SPLITS = 500;

    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Stream<HttpCase> all() {
        return Stream.concat(HttpCase.refused(), HttpCase.inStep());
    }

    @ParameterizedTest
    @MethodSource("all")
    void decidesTheSameWhereverTheRequestIsSplit(HttpCase request) {
        byte[] bytes = (request.text() + NEXT).getBytes(ISO_8859_1);
        String whole = outcome(bytes);
        int step = 1 + bytes.length / MOST_SPLITS;
        for (int at = 1; at < bytes.length; at += step) {
            byte[] first = Arrays.copyOf(bytes, at);
            byte[] second = Arrays.copyOfRange(bytes, at, bytes.length);
            assertThat(outcome(first, second)).as("split at %d", at).isEqualTo(whole);
        }
        assertThat(outcome(each(bytes))).as("byte by byte").isEqualTo(whole);
    }

    private static byte[][] each(byte[] bytes) {
        byte[][] each = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            each[i] = new byte[] {bytes[i]};
        }
        return each;
    }

    /// What comes out, in one text; chunks without their sizes, since those may differ.
    private static String outcome(byte[]... pieces) {
        Queue<byte[]> source = new ArrayDeque<>(List.of(pieces));
        List<Boolean> chunked = new ArrayList<>();
        var framing = new Framing(
                () -> {
                    byte[] piece = source.poll();
                    if (piece == null) {
                        throw new Over();
                    }
                    return piece;
                },
                () -> LIMITS,
                (head, _) -> chunked.add(head.isChunked()));
        var out = new StringBuilder();
        try {
            while (true) {
                int heads = chunked.size();
                String taken = new String(framing.take(), ISO_8859_1);
                boolean chunk = heads == chunked.size() && chunked.getLast();
                out.append(chunk ? data(taken) : taken);
            }
        } catch (Over _) {
            return out.toString();
        } catch (RequestException e) {
            return out + " refused " + e.status().code();
        } catch (ProblemException e) {
            return out + " " + e.problem();
        }
    }

    private static String data(String chunk) {
        return chunk.equals("0\r\n\r\n") ? "[end]" : chunk.substring(chunk.indexOf('\n') + 1, chunk.length() - 2);
    }

    @Test
    void givesNoByteBeyondTheRequest() {
        String first = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
        Queue<byte[]> source = new ArrayDeque<>(List.of((first + "hello" + NEXT).getBytes(ISO_8859_1)));
        var framing = new Framing(source::remove, () -> LIMITS, (_, _) -> {});
        assertThat(framing.take()).asString(ISO_8859_1).isEqualTo(first);
        assertThat(framing.take()).asString(ISO_8859_1).isEqualTo("hello");
        assertThat(framing.buffered()).isEqualTo(NEXT.length());
        assertThat(framing.take()).asString(ISO_8859_1).isEqualTo(NEXT);
        assertThat(framing.buffered()).isZero();
    }

    @Test
    void givesWhatCameBehindAnUpgradeToTheOtherProtocol() {
        Queue<byte[]> source = new ArrayDeque<>(List.of((NEXT + "frames").getBytes(ISO_8859_1), new byte[] {1, 2}));
        var framing = new Framing(source::remove, () -> LIMITS, (_, _) -> {});
        assertThat(framing.take()).asString(ISO_8859_1).isEqualTo(NEXT);
        framing.upgraded();
        assertThat(framing.take()).asString(ISO_8859_1).isEqualTo("frames");
        assertThat(framing.take()).containsExactly(1, 2);
    }

    @Test
    void tellsTheLogNoMoreOfABrokenRequestThanMethodAndPath() {
        assertThat(told("GET /a/b?key=secret HTTP/1.0\r\n")).isEqualTo("GET /a/b");
        assertThat(told("Authorization: Bearer secret\r\n")).isEqualTo(" ");
        assertThat(told("GET secret HTTP/1.1\r\n")).isEqualTo("GET ");
    }

    private static String told(String head) {
        try {
            Queue<byte[]> source = new ArrayDeque<>(List.of(head.getBytes(ISO_8859_1)));
            new Framing(source::remove, () -> LIMITS, (_, _) -> {}).take();
            throw new AssertionError("not refused");
        } catch (RequestException e) {
            return e.request().method() + " " + e.request().path();
        }
    }
}
