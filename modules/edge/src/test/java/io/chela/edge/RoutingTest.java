package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutingTest {
    private TestEdge edge;

    @BeforeAll
    void start() {
        edge = TestEdge.with(RoutingTest::routes);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private static void routes(HttpRouting.Builder http) {
        Paths.only(
                http,
                "/v1/things",
                Method.GET,
                (_, response) -> JsonAnswer.send(response, Json.object().put("a", 1)));
        Paths.only(
                http,
                "/v1/things/{+id}",
                Method.GET,
                (request, response) ->
                        response.send(request.path().pathParameters().get("id")));
        Paths.only(http, "/v1/work", Method.POST, (_, response) -> response.send("done"));
    }

    @ParameterizedTest
    @CsvSource({"/nowhere", "/v1/things/", "//v1/things", "/v1", "/v1/./things", "/v1/x/%2e%2E/things"})
    void answers404InJsonForAPathNobodyHas(String path) {
        try (var client = edge.client()) {
            var answer = client.get(path).answer();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("content-type")).contains("application/json; charset=utf-8");
            assertThat(answer.body())
                    .isEqualTo("{\"error\":{\"message\":\"There is nothing at this path.\","
                            + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"not_found\"}}");
        }
    }

    @Test
    void ignoresTheQuery() {
        try (var client = edge.client()) {
            assertThat(client.get("/v1/things?x=1").answer().body()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void decodesAPathParameter() {
        try (var client = edge.client()) {
            assertThat(client.get("/v1/things/openclaw%2Fmain").answer().body()).isEqualTo("openclaw/main");
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {"POST|/v1/things|GET, HEAD", "GET|/v1/work|POST", "BREW|/v1/work|POST"},
            delimiter = '|')
    void namesTheMethodsOfAPathToAWrongOne(String method, String path, String allow) {
        try (var client = edge.client()) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("allow")).contains(allow);
            assertThat(answer.body()).contains("\"type\":\"invalid_request_error\"");
        }
    }

    @Test
    void answersHeadWithTheHeadersOfGet() {
        try (var client = edge.client()) {
            client.send("HEAD /v1/things HTTP/1.1\r\nHost: x\r\n\r\n");
            var head = client.headAnswer();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).contains("7");
            assertThat(client.get("/v1/things").answer().body()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void sendsNoBodyWithAHeadThatIsRefused() {
        try (var client = edge.client()) {
            client.send("HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.headAnswer().status()).isEqualTo(404);
            assertThat(client.get("/v1/things").answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "garbage|400",
                "GET / HTTP/1.0|505",
                "GET /v1/things HTTP/1.1~X: y|400",
                "GET /v1/things HTTP/1.1~Host: x~Host: y|400",
                "GET /v1/things HTTP/1.1~Host : x|400",
                "GET /v1/things HTTP/1.1~Host: x~Content-Length: 1~Content-Length: 2|400",
                "POST /v1/work HTTP/1.1~Host: x~Content-Length: 5~Transfer-Encoding: chunked|400",
                "POST /v1/work HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked|501",
                "POST /v1/work HTTP/1.1~Host: x~Content-Length: 99999999999|413",
                "GET /v1/%00%zz HTTP/1.1~Host: x|400"
            },
            delimiter = '|')
    void saysInJsonWhatTheServerItselfRefuses(String request, int status) {
        try (var client = edge.client()) {
            client.send(request.replace("~", "\r\n") + "\r\n\r\n").halfClose(); // else it is waited for
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-type")).contains("application/json; charset=utf-8");
            assertThat(answer.header("x-request-id")).isPresent();
            assertThat(answer.header("x-content-type-options")).contains("nosniff");
            assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"").contains("\"param\":null");
            assertThat(answer.closes()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void refusesHeadersAndRequestLinesOverTheirLimits() {
        try (var client = edge.client()) {
            client.get("/" + "x".repeat(9_000));
            assertThat(client.answer().status()).isEqualTo(414);
        }
        try (var client = edge.client()) {
            client.get("/v1/things", "X: " + "y".repeat(20_000));
            assertThat(client.answer().status()).isEqualTo(431);
        }
    }
}
