package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsTest {
    private static final String PAGE = "Origin: https://chat.example.com";
    private static final String EVIL = "Origin: https://evil.example.com";
    private static final String ASKS_POST = "Access-Control-Request-Method: POST";

    private TestEdge edge;

    @BeforeAll
    void start() {
        edge = allowing("https://chat.example.com", "http://localhost:3000");
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    private static TestEdge allowing(String... origins) {
        var web = new EdgeSettings.Web(Optional.empty(), new Cors(List.of(origins)), Optional.empty());
        return TestEdge.behind(web, TestEdge.feature(CorsTest::routes, _ -> {}), limits -> limits);
    }

    private static void routes(HttpRouting.Builder http) {
        Paths.only(
                http,
                "/chat",
                Method.POST,
                (_, response) -> response.header("x-openclaw-agent-id", "main").send("done"));
        Paths.only(http, "/bug", Method.GET, (_, _) -> {
            throw new ProblemException(new Problem.Unauthenticated());
        });
    }

    private static RawClient.Answer options(RawClient client, String path, String... headers) {
        return client.send("OPTIONS " + path + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                .answer();
    }

    @Test
    void answersAPreflightAndThenTheRequest() {
        try (var client = edge.client()) {
            var preflight = options(
                    client,
                    "/chat",
                    PAGE,
                    ASKS_POST,
                    "Access-Control-Request-Headers: authorization,content-type,x-openclaw-agent");
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("access-control-allow-origin")).contains("https://chat.example.com");
            assertThat(preflight.header("access-control-allow-methods")).contains("POST");
            assertThat(preflight.header("access-control-allow-headers"))
                    .contains("authorization,content-type,x-openclaw-agent");
            assertThat(preflight.header("access-control-max-age")).contains("600");
            assertThat(preflight.header("vary")).contains("Origin");
            assertThat(preflight.body()).isEmpty();

            var answer = client.post("/chat", "hi", PAGE).answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("access-control-allow-origin")).contains("https://chat.example.com");
            assertThat(answer.header("access-control-expose-headers"))
                    .contains("x-request-id, Retry-After, x-openclaw-agent-id");
            assertThat(answer.header("access-control-allow-credentials")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/bug", "/chat", "//chat"})
    void letsAPageReadErrorsToo(String path) {
        try (var client = edge.client()) {
            var answer = client.get(path, PAGE).answer();
            assertThat(answer.status()).isBetween(401, 405);
            assertThat(answer.header("access-control-allow-origin")).contains("https://chat.example.com");
        }
    }

    @Test
    void letsAPageReadWhatTheServerItselfRefuses() {
        try (var client = edge.client()) {
            client.send("POST /chat HTTP/1.1\r\nHost: x\r\n" + PAGE + "\r\nContent-Length: 99999999999\r\n\r\n");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("access-control-allow-origin")).contains("https://chat.example.com");
        }
    }

    @Test
    void saysNothingToAPageThatIsNotListed() {
        try (var client = edge.client()) {
            var preflight = options(client, "/chat", EVIL, ASKS_POST);
            assertThat(preflight.status()).isEqualTo(405);
            assertThat(preflight.header("access-control-allow-origin")).isEmpty();
            var answer = client.post("/chat", "hi", EVIL).answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
            assertThat(answer.header("access-control-expose-headers")).isEmpty();
            assertThat(answer.header("vary")).contains("Origin");
        }
    }

    @Test
    void answers404ToAPreflightOfAPathNobodyHas() {
        try (var client = edge.client()) {
            var answer = options(client, "/nowhere", PAGE, ASKS_POST);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("access-control-allow-origin")).contains("https://chat.example.com");
        }
    }

    @Test
    void takesAnOptionsRequestThatIsNoPreflightForAWrongMethod() {
        try (var client = edge.client()) {
            assertThat(options(client, "/chat", PAGE).status()).isEqualTo(405);
            assertThat(options(client, "/chat", PAGE, ASKS_POST).status()).isEqualTo(204);
            assertThat(options(client, "/chat", PAGE).status()).isEqualTo(405);
        }
    }

    @Test
    void doesNotEchoALongOrStrangeListOfHeaders() {
        try (var client = edge.client()) {
            for (String list : new String[] {"x".repeat(3_000), "a b", "<script>"}) {
                var answer = options(client, "/chat", PAGE, ASKS_POST, "Access-Control-Request-Headers: " + list);
                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.header("access-control-allow-headers")).isEmpty();
            }
        }
    }

    @Test
    void allowsEveryPageWhenAStarStandsAlone() {
        try (var own = allowing("*");
                var client = own.client()) {
            assertThat(options(client, "/chat", EVIL, ASKS_POST).header("access-control-allow-origin"))
                    .contains("*");
            assertThat(client.post("/chat", "hi", "Origin: null").answer().header("access-control-allow-origin"))
                    .contains("*");
        }
    }

    @Test
    void isOffWhenNoOriginIsAllowed() {
        try (var own = allowing();
                var client = own.client()) {
            var answer = options(client, "/chat", PAGE, ASKS_POST);
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
            assertThat(answer.header("vary")).isEmpty();
        }
    }

    @Test
    void takesOriginsAsBrowsersWriteThem() {
        assertThat(new Cors(List.of("HTTPS://Chat.Example.com:443", "http://a:80", "http://[::1]:3000"))
                        .allowedOrigins())
                .containsExactly("https://chat.example.com", "http://a", "http://[::1]:3000");
        for (String wrong :
                new String[] {"", "chat.example.com", "https://a/path", "https://a/", "null", "https://*.a"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Cors(List.of(wrong)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cors(List.of("*", "https://a")))
                .withMessage("must not name origins beside *");
    }
}
