package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.testing.junit5.DirectClient;
import io.helidon.webserver.testing.junit5.RoutingTest;
import io.helidon.webserver.testing.junit5.SetUpRoute;
import org.junit.jupiter.api.Test;

/// The routing alone, without a socket.
@RoutingTest
class PathsTest {
    private final DirectClient client;

    PathsTest(DirectClient client) {
        this.client = client;
    }

    @SetUpRoute
    static void route(HttpRouting.Builder http) {
        Paths.only(
                http,
                "/thing",
                Method.GET,
                (_, response) -> JsonAnswer.send(response, Json.object().put("is", "here")));
    }

    @Test
    void answersTheMethodItHas() {
        try (var response = client.get("/thing").request()) {
            assertThat(response.status().code()).isEqualTo(200);
            assertThat(response.as(String.class)).isEqualTo("{\"is\":\"here\"}");
        }
    }

    @Test
    void refusesEveryOtherAndNamesThoseItHas() {
        try (var response = client.delete("/thing").request()) {
            assertThat(response.status().code()).isEqualTo(405);
            assertThat(response.headers().first(HeaderNames.ALLOW)).contains("GET, HEAD");
            assertThat(response.as(String.class)).contains("invalid_request_error");
        }
    }
}
