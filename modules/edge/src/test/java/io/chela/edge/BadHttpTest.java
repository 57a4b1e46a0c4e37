package io.chela.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the issue lists under "HTTP framing", said by a raw socket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadHttpTest {
    private static final int MUTATIONS = 200;

    private static final String NEXT = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

    /// How often a door had a whole request and would have called a model.
    private final AtomicInteger worked = new AtomicInteger();

    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.with(wire(), this::routes, limits -> TestEdge.bodyBytes(limits, 1_000));
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private void routes(HttpRouting.Builder http) {
        Paths.only(http, "/hidden", Method.GET, (_, response) -> {
            worked.incrementAndGet();
            response.send("hidden");
        });
        Paths.only(http, "/echo", Method.POST, this::echo);
        Paths.only(
                http,
                "/host",
                Method.GET,
                (request, response) ->
                        response.send(request.headers().get(HeaderNames.HOST).get()));
    }

    private void echo(ServerRequest request, ServerResponse response) {
        byte[] body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        worked.incrementAndGet();
        response.send(body);
    }

    static Stream<HttpCase> refused() {
        return HttpCase.refused();
    }

    static Stream<HttpCase> inStep() {
        return HttpCase.inStep();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesBrokenFramingInJsonAndTakesNothingBehindItForARequest(HttpCase bad) {
        int before = worked.get();
        try (var client = edge.client()) {
            client.send(bad.text() + NEXT);
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(bad.status());
            assertThat(answer.header("content-type")).contains("application/json; charset=utf-8");
            assertThat(answer.header("x-request-id")).isPresent();
            assertThat(answer.header("x-content-type-options")).contains("nosniff");
            assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"").contains("\"type\":\"");
            assertThat(answer.closes()).isTrue();
            client.halfClose();
            assertThat(client.rest()).isEmpty();
        }
        assertThat(worked.get()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("inStep")
    void staysExactlyInStepAfterAnOddRequest(HttpCase odd) {
        try (var client = edge.client()) {
            client.send(odd.text() + NEXT);
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(odd.status());
            assertThat(answer.closes()).isFalse();
            assertThat(client.answer().body()).isEqualTo("hidden");
        }
    }

    @Test
    void namesTheSettingOfAProxyThatSpeaksHttp10() {
        try (var client = edge.client()) {
            var answer = client.send("GET /hidden HTTP/1.0\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(505);
            assertThat(answer.body()).contains("proxy_http_version 1.1");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void takesTheHostOfAnAbsoluteTargetInsteadOfTheHeader() {
        try (var client = edge.client()) {
            client.send("GET http://right:81/host?a=b HTTP/1.1\r\nA: b\r\nHost: wrong\r\nC: d\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("right:81");
        }
    }

    @Test
    void namesWhatIsAcceptedInsteadOfAnotherContentEncoding() {
        try (var client = edge.client()) {
            var answer = client.post("/echo", "hello", "Content-Encoding: br").answer();
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.header("accept-encoding")).contains("gzip, identity");
            assertThat(answer.body()).contains("`gzip`");
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        try (var client = edge.client()) {
            var all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                String body = "body " + i;
                all.append("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ").append(body.length());
                all.append("\r\n\r\n").append(body);
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().body()).isEqualTo("body " + i);
            }
        }
    }

    @Test
    void readsNoBodyOfGetAsTheNextRequest() {
        try (var client = edge.client()) {
            client.send("GET /hidden HTTP/1.1\r\nHost: x\r\nContent-Length: " + NEXT.length() + "\r\n\r\n" + NEXT);
            var answer = client.answer();
            assertThat(answer.body()).isEqualTo("hidden");
            assertThat(answer.closes()).isTrue();
            client.halfClose();
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive, close", "Close", "x, close"})
    void closesOnConnectionClose(String connection) {
        try (var client = edge.client()) {
            client.get("/hidden", "Connection: " + connection).send(NEXT);
            assertThat(client.answer().body()).isEqualTo("hidden");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void givesTheSameAnswerWhereverTheHeadIsSplit() {
        String request = "~POST http://y/echo HTTP/1.1~Host: x~Transfer-Encoding: chunked~~2;a=b~ab~1~c~0~X: y~~"
                .replace("~", "\r\n");
        try (var client = edge.client()) {
            for (int at = 1; at < request.length(); at++) {
                client.send(request.substring(0, at)).send(request.substring(at));
                assertThat(client.answer().body()).isEqualTo("abc");
            }
        }
    }

    @Test
    void answersNoMutatedRequestWith500() {
        var random = new Random(5);
        String request = """
                POST /echo?a=%20b HTTP/1.1
                Host: x:1
                X-Request-Id: a
                Connection: keep-alive
                Expect: 100-continue
                Upgrade: websocket
                Origin: http://x
                Content-Encoding: identity
                Content-Type: a/b
                Transfer-Encoding: chunked

                5
                hello
                0

                """.replace("\n", "\r\n");
        for (int i = 0; i < MUTATIONS; i++) {
            String mutated = mutated(request, random);
            try (var client = edge.client()) {
                client.send(mutated + NEXT).halfClose();
                assertThat(client.rest()).as(mutated).doesNotContain("HTTP/1.1 500");
            }
        }
    }

    private static String mutated(String request, Random random) {
        String strange = "\0\t\n\r !\"#%&()*+,-./0:;<=>?@[\\]^`{|}~\u007f\u0080\u00c3\u00ff";
        var text = new StringBuilder(request);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            String piece = String.valueOf(strange.charAt(random.nextInt(strange.length())));
            text.replace(at, at + random.nextInt(3), random.nextBoolean() ? piece : "");
        }
        return text.toString();
    }

    @Test
    void endsARefusedRequestWhoseBodyNeverEnds() {
        try (var client = edge.client()) {
            client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.closes()).isTrue();
            flood(client);
            assertThat(client.rest()).isEmpty();
        }
    }

    private static void flood(RawClient client) {
        byte[] endless = "x".repeat(64 * 1024).getBytes(ISO_8859_1);
        try {
            for (int i = 0; i < 1_000; i++) {
                client.send(endless);
            }
        } catch (UncheckedIOException _) {
            return; // closed: what the test waits for
        }
        throw new AssertionError("all of it was taken");
    }
}
