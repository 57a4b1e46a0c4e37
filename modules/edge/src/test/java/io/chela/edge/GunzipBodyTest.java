package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.http.Method;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipBodyTest {
    private static final int LIMIT = 100_000;

    static byte[] gzip(byte[] plain) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] together(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// Gives one byte a read, as a slow caller does.
    private static InputStream dripping(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1));
            }
        };
    }

    private static byte[] unpacked(InputStream packed) throws IOException {
        return new GunzipBody(packed, LIMIT, _ -> {}).readAllBytes();
    }

    @Test
    void inflatesWhatCameInAnyPieces() throws IOException {
        byte[] plain = "hello ".repeat(1_000).getBytes(UTF_8);
        byte[] packed = gzip(plain);
        assertThat(unpacked(new ByteArrayInputStream(packed))).isEqualTo(plain);
        assertThat(unpacked(dripping(packed))).isEqualTo(plain);
    }

    @Test
    void takesSeveralMembersForOneBodyInAnyPieces() throws IOException {
        byte[] packed = together(gzip("hel".getBytes(UTF_8)), gzip("lo".getBytes(UTF_8)));
        assertThat(unpacked(new ByteArrayInputStream(packed))).asString(UTF_8).isEqualTo("hello");
        assertThat(unpacked(dripping(packed))).asString(UTF_8).isEqualTo("hello");
    }

    @Test
    void skipsTheNamesAndCommentsOfAMember() throws IOException {
        byte[] packed = gzip("hello".getBytes(UTF_8));
        byte[] header = {0x1f, (byte) 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 0, 2, 0, 9, 9, 'a', 0, 'b', 0, 7, 7};
        byte[] named = together(header, Arrays.copyOfRange(packed, 10, packed.length));
        assertThat(unpacked(dripping(named))).asString(UTF_8).isEqualTo("hello");
    }

    @Test
    void refusesEveryCutAndWhatFollows() {
        byte[] packed = gzip("hello".getBytes(UTF_8));
        for (int at = 0; at < packed.length; at++) {
            byte[] cut = Arrays.copyOf(packed, at);
            assertRefused(new ByteArrayInputStream(cut));
        }
        assertRefused(new ByteArrayInputStream(together(packed, new byte[1])));
        assertRefused(dripping(together(packed, "GET / HTTP/1.1".getBytes(UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, -8, -1})
    void refusesAByteThatIsWrong(int where) {
        byte[] packed = gzip("hello".getBytes(UTF_8));
        packed[where < 0 ? packed.length + where : where] ^= (byte) 0xff;
        assertRefused(new ByteArrayInputStream(packed));
    }

    private static void assertRefused(InputStream packed) {
        assertThatThrownBy(() -> unpacked(packed))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem())
                                .isInstanceOfSatisfying(
                                        Problem.Malformed.class,
                                        problem -> assertThat(problem.param()).contains("Content-Encoding")));
    }

    @Test
    void stopsABombAtTheLimitOfTheInflatedBody() {
        byte[] bomb = gzip(new byte[100 * LIMIT]);
        long[] inflated = {0};
        var body = new GunzipBody(new ByteArrayInputStream(bomb), LIMIT, total -> inflated[0] = total);
        assertThatThrownBy(body::readAllBytes)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(new Problem.PayloadTooLarge(LIMIT)));
        assertThat(inflated[0]).isBetween(1L, (long) LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZip", "identity, gzip"})
    void takesGzipBodiesAndKeepsTheConnection(String coding) {
        try (var edge = echo();
                var client = edge.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(post(client, coding, gzip(("hello " + i).getBytes(UTF_8)))
                                .body())
                        .isEqualTo("hello " + i);
            }
        }
    }

    @Test
    void answers413ToAGzipBodyThatInflatesOverTheLimit() {
        try (var edge = echo();
                var client = edge.client()) {
            assertThat(post(client, "gzip", gzip(new byte[LIMIT])).status()).isEqualTo(200);
            var answer = post(client, "gzip", gzip(new byte[LIMIT + 1]));
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("larger than 100000 bytes");
            assertThat(answer.closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void namesContentEncodingForABrokenGzipBody() {
        try (var edge = echo();
                var client = edge.client()) {
            var answer = post(client, "gzip", "hello".getBytes(UTF_8));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"param\":\"Content-Encoding\"");
        }
    }

    private static TestEdge echo() {
        return TestEdge.with(
                http -> Paths.only(
                        http,
                        "/echo",
                        Method.POST,
                        (request, response) -> response.send(request.content().as(byte[].class))),
                limits -> TestEdge.bodyBytes(limits, LIMIT));
    }

    private static RawClient.Answer post(RawClient client, String coding, byte[] body) {
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                + body.length + "\r\n\r\n");
        return client.send(body).answer();
    }
}
