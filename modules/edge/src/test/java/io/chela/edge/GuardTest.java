package io.chela.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardTest {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

    private TestEdge edge;

    /// What it all runs over; a subclass says TLS.
    Wire wire() {
        return Wire.PLAIN;
    }

    @BeforeAll
    void start() {
        edge = TestEdge.with(wire(), GuardTest::routes, limits -> TestEdge.bodyBytes(limits, 1_000));
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private static void routes(HttpRouting.Builder http) {
        http.addFilter((chain, request, response) -> {
            if (request.path().path().equals("/refused")) {
                Problems.send(response, new Problem.Unauthenticated());
            } else if (request.path().path().equals("/thrown")) {
                throw new ProblemException(new Problem.Forbidden("Not here."));
            } else {
                chain.proceed();
            }
        });
        Paths.only(
                http,
                "/echo",
                Method.POST,
                (request, response) -> response.send(request.content().as(String.class)));
        Paths.only(http, "/blind", Method.POST, (_, response) -> response.send("blind"));
        Paths.only(http, "/hidden", Method.GET, (_, response) -> response.send("hidden"));
        Paths.only(http, "/bug", Method.GET, (_, _) -> {
            throw new IllegalStateException("a secret");
        });
    }

    @Test
    void keepsAConnectionAfterAWholeBody() {
        try (var client = edge.client()) {
            var answer = client.post("/echo", "hello").answer();
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.closes()).isFalse();
            assertThat(client.get("/hidden").answer().body()).isEqualTo("hidden");
        }
    }

    @Test
    void closesWhenTheCallerAsksForIt() {
        try (var client = edge.client()) {
            var answer = client.get("/hidden", "Connection: keep-alive, close").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void keepsAConnectionAfterAWholeChunkedBody() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            client.send(HIDDEN);
            var answer = client.answer();
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.closes()).isFalse();
            assertThat(client.answer().body()).isEqualTo("hidden");
        }
    }

    @Test
    void answersNoRequestHiddenBehindAChunkedBodyThatIsTooLarge() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n");
            client.send(HIDDEN.repeat(300));
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("larger than 1000 bytes");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void answersNoRequestHiddenBehindAChunkExtension() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    + Integer.toHexString(HIDDEN.length()) + ";x=y\r\n" + HIDDEN + "\r\n0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo(HIDDEN);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void refusesABadChunkSizeWith400() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"type\":\"invalid_request_error\"");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void endsAChunkSizeLineThatNeverEnds() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("0".repeat(100_000));
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void saysThatARefusalWithAnUnreadBodyCloses() {
        try (var client = edge.client()) {
            client.post("/refused", "x".repeat(900)).send(HIDDEN);
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).contains("Bearer");
            assertThat(answer.closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void keepsAConnectionAfterARefusalWithoutABody() {
        try (var client = edge.client()) {
            assertThat(client.get("/refused").answer().closes()).isFalse();
            assertThat(client.get("/hidden").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void answersOnceWhenAFilterThrows() {
        try (var client = edge.client()) {
            client.post("/thrown", "x".repeat(900));
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("\"message\":\"Not here.\"", "\"type\":\"forbidden\"");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void deliversTheRefusalOfADeclaredLargeBodyToACallerThatSendsItAll() {
        try (var client = edge.client()) {
            client.post("/echo", "x".repeat(200_000));
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void sendsContinueWhenTheBodyIsWanted() {
        try (var client = edge.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.headAnswer().status()).isEqualTo(100);
            assertThat(client.send("hello").answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void closesWhenAnExpectedBodyWasNotWanted() {
        try (var client = edge.client()) {
            client.send("POST /blind HTTP/1.1\r\nHost: x\r\nContent-Length: " + HIDDEN.length()
                    + "\r\nExpect: 100-continue\r\n\r\n" + HIDDEN);
            assertThat(client.answer().body()).isEqualTo("blind");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void refusesAnExpectationItDoesNotKnow() {
        try (var client = edge.client()) {
            assertThat(client.get("/hidden", "Expect: coffee").answer().status())
                    .isEqualTo(417);
        }
    }

    @Test
    void hidesWhatAHandlerThrew() {
        try (var client = edge.client()) {
            var answer = client.get("/bug").answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).contains("internal error ").doesNotContain("secret");
            assertThat(answer.closes()).isFalse();
        }
    }

    @Test
    void keepsTheCallersRequestIdAndReplacesAStrangeOne() {
        try (var client = edge.client()) {
            assertThat(client.get("/hidden", "X-Request-Id: a-1.b_2").answer().header("x-request-id"))
                    .contains("a-1.b_2");
            assertThat(client.get("/hidden", "X-Request-Id: a b").answer().header("x-request-id"))
                    .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f-]{36}"));
        }
    }

    @Test
    void stampsEveryAnswer() {
        try (var client = edge.client()) {
            for (String path : new String[] {"/hidden", "/nowhere", "/refused", "/bug"}) {
                var answer = client.get(path).answer();
                assertThat(answer.header("x-content-type-options")).contains("nosniff");
                assertThat(answer.header("referrer-policy")).contains("no-referrer");
                assertThat(answer.header("permissions-policy"))
                        .contains("camera=(), microphone=(self), geolocation=()");
                assertThat(answer.header("x-request-id")).isPresent();
            }
        }
    }

    @Test
    void closesEveryConnectionWhileDraining() {
        try (var own = TestEdge.with(wire(), GuardTest::routes);
                var client = own.client()) {
            assertThat(client.get("/hidden").answer().closes()).isFalse();
            own.server().drain();
            assertThat(client.get("/hidden").answer().closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void refusesTwoOriginsAndTwoCredentialsWith400() {
        try (var client = edge.client()) {
            for (String name : new String[] {"Origin", "Authorization"}) {
                var answer = client.get("/hidden", name + ": http://localhost", name.toLowerCase(Locale.ROOT) + ": x")
                        .answer();
                assertThat(answer.status()).as(name).isEqualTo(400);
                assertThat(answer.body())
                        .contains("\"param\":\"" + name + "\"", "There may be only one `" + name + "`.");
                assertThat(client.get("/hidden", name + ": http://localhost")
                                .answer()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    /// The whole of it is in bench: a chunk extension without end, and 50 chunks of 20 MiB.
    @ParameterizedTest
    @ValueSource(strings = {"5;", "1400000\r\n"})
    void closesARefusedRequestWithAnEndlessChunkExtensionOrLargeChunks(String start) {
        try (var client = edge.client()) {
            client.send("POST /refused HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + start);
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.closes()).isTrue();
            assertThat(sentUntilCut(client)).isLessThan(64L * 1024 * 1024);
        }
    }

    /// How many of the 1,000 MiB it could send, at most what two sockets hold.
    private static long sentUntilCut(RawClient client) {
        byte[] piece = "x".repeat(64 * 1024).getBytes(US_ASCII);
        long sent = 0;
        try {
            while (sent < 1_000L * 1024 * 1024) {
                client.send(piece);
                sent += piece.length;
            }
        } catch (UncheckedIOException _) {
            // the gateway has closed the connection
        }
        return sent;
    }
}
