package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.edge.EdgeLimits;
import io.chela.testkit.FakeModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that are broken below their JSON: no model is asked.
class BadCallTest {
    private static final String CALL = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static byte[] gzip(String text, int more) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(UTF_8));
            byte[] blanks = new byte[1024];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < more; i += blanks.length) {
                out.write(blanks);
            }
        }
        return packed.toByteArray();
    }

    private static HttpResponse<String> post(TestDoor door, String coding, byte[] body)
            throws IOException, InterruptedException {
        return door.send(door.request("/v1/chat/completions", "Content-Encoding", coding)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    void takesACallWhoseBodyIsGzip() throws Exception {
        var model = FakeModel.saying("hi");
        try (var door = TestDoor.before(model)) {
            assertThat(post(door, "gzip", gzip(CALL, 0)).statusCode()).isEqualTo(200);
            assertThat(model.prompts().getFirst().messages().getLast().text()).isEqualTo("hello");
        }
    }

    @Test
    void answers413ToAGzipBodyOver20MiBInflatedAndAsksNoModel() throws Exception {
        var model = FakeModel.saying("hi");
        try (var door = TestDoor.before(model)) {
            byte[] bomb = gzip(CALL, 21 * 1024 * 1024);
            assertThat(bomb).hasSizeLessThan(64 * 1024);
            assertThat(post(door, "gzip", bomb).statusCode()).isEqualTo(413);
            assertThat(model.prompts()).isEmpty();
            assertThat(post(door, "identity", CALL.getBytes(UTF_8)).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deflate", "br", "zstd", "gzip, gzip"})
    void answers415ToAnotherEncodingAndAsksNoModel(String coding) throws Exception {
        var model = FakeModel.saying("hi");
        try (var door = TestDoor.before(model)) {
            var response = post(door, coding, CALL.getBytes(UTF_8));
            assertThat(response.statusCode()).isEqualTo(415);
            assertThat(response.headers().firstValue("accept-encoding")).contains("gzip, identity");
            assertThat(model.prompts()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Host: y", "X : y", ": y", " folded"})
    void asksNoModelWhenTheFramingIsBroken(String line) throws Exception {
        var model = FakeModel.saying("hi");
        try (var door = TestDoor.before(model);
                var socket = door.raw(CALL, line)) {
            socket.setSoTimeout(10_000);
            assertThat(statusLine(socket.getInputStream())).isEqualTo("HTTP/1.1 400");
            assertThat(model.prompts()).isEmpty();
        }
    }

    private static String statusLine(InputStream in) throws IOException {
        return new String(in.readNBytes("HTTP/1.1 400".length()), US_ASCII);
    }

    /// In the issue after 30 s; here after one.
    @Test
    void closesAnAnswerThatNobodyReadsAndItsModelCallWithIt() throws Exception {
        var times = EdgeLimits.Times.DEFAULTS;
        var all = EdgeLimits.DEFAULTS;
        var limits = new EdgeLimits(
                all.bodyBytes(),
                all.headerBytes(),
                all.requestLineBytes(),
                all.readAheadBytes(),
                all.connections(),
                new EdgeLimits.Times(
                        times.headers(), times.body(), times.idle(), Duration.ofSeconds(1), times.shutdown()));
        String piece = "x".repeat(32 * 1024); // 15 MiB in all: more than two sockets hold
        var model = FakeModel.answering(_ -> Collections.nCopies(480, piece)).thenHanging();
        try (var door = TestDoor.within(model, limits);
                var socket = door.raw(CALL.replace("}]", "}],\"stream\":true"))) {
            assertThat(statusLine(socket.getInputStream())).isEqualTo("HTTP/1.1 200");
            assertThat(model.hungUp().await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(door.gateway().runtime().runs().awaitIdle(Duration.ofSeconds(10)))
                    .isTrue();
        }
    }
}
