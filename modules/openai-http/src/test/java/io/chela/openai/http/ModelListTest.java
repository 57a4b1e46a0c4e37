package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.AgentId;
import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Scope;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelListTest {
    private final ReadingDoor door = ReadingDoor.of(ReadingDoor.READER);

    @AfterAll
    void close() {
        door.close();
    }

    private static JsonNode error(HttpResponse<String> response) {
        return Json.readObject(response.body()).path("error");
    }

    @Test
    void listsTheDefaultThenTheAgentsAsConfiguredThenTheAliases() throws Exception {
        var response = door.get("/v1/models");
        assertThat(response.statusCode()).isEqualTo(200);
        var list = Json.readObject(response.body());
        assertThat(list.path("object").stringValue()).isEqualTo("list");
        assertThat(list.path("data"))
                .extracting(model -> model.path("id").stringValue())
                .containsExactly(
                        "openclaw",
                        "openclaw/default",
                        "openclaw/beta",
                        "openclaw/main",
                        "openclaw/gamma",
                        "gpt-4o",
                        "सहायक");
        assertThat(list.path("data").get(0))
                .isEqualTo(Json.readObject("{\"id\":\"openclaw\",\"object\":\"model\",\"created\":0,"
                        + "\"owned_by\":\"openclaw\",\"permission\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openclaw",
                "openclaw/default",
                "openclaw:default",
                "openclaw/main",
                "openclaw%2Fmain",
                "openclaw%2fbeta",
                "OpenClaw/Gamma",
                "openclaw:main",
                "agent:main",
                "agent%3Amain",
                "gpt-4o",
                "%E0%A4%B8%E0%A4%B9%E0%A4%BE%E0%A4%AF%E0%A4%95"
            })
    void findsEveryNameThatChatAccepts(String inPath) throws Exception {
        String name = URLDecoder.decode(inPath, UTF_8);
        var response = door.get("/v1/models/" + inPath);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Json.readObject(response.body()).path("id").stringValue()).isEqualTo(name);
        var chat = door.send(door.request("/v1/chat/completions")
                .POST(BodyPublishers.ofString(
                        "{\"model\":\"" + name + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")));
        assertThat(chat.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "%20",
                "main",
                "gpt-5",
                "openclaw/ghost",
                "openclaw:",
                "openclaw/",
                "openclaw/main/",
                "openclaw%252Fmain",
                "openclaw/main/x"
            })
    void doesNotFindAnyOther(String inPath) throws Exception {
        var response = door.get("/v1/models/" + inPath);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response).path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error(response).path("code").stringValue()).isEqualTo("model_not_found");
        assertThat(error(response).path("param").stringValue()).isEqualTo("model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%", "%4", "openclaw%2", "%ff", "%C0%AF", "%+1", "openclaw/%G0"})
    void refusesABadEscape(String inPath) throws Exception {
        String answer = door.rawAnswer("/v1/models/" + inPath);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("{\"error\":{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/openclaw/main"})
    void answersHeadLikeGetWithoutTheBody(String path) throws Exception {
        var head = door.send(door.request(path).HEAD());
        var get = door.get(path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length"))
                .contains(Integer.toString(get.body().getBytes(UTF_8).length));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/models",
        "DELETE, /v1/models/openclaw",
        "PUT, /v1/models/openclaw/main",
        "OPTIONS, /v1/models",
        "POST, /v1/models/",
        "POST, /v1/events"
    })
    void refusesOtherMethodsBeforeItLooksAtACredential(String method, String path) throws Exception {
        var response = door.send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + door.edge().port() + path))
                .method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/models/openclaw", "/v1/models/ghost", "/v1/events"})
    void wantsACredentialWithTheScopeToRead(String path) throws Exception {
        var without = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + door.edge().port() + path));
        assertThat(door.send(without).statusCode()).isEqualTo(401);
        try (var pairing = ReadingDoor.of(new Principal("phone", Set.of(Scope.PAIRING), Set.of()))) {
            var refused = pairing.get(path);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(error(refused).path("message").stringValue()).contains("operator.read");
        }
    }

    @Test
    void showsAndFindsOnlyAgentsTheCallerMayUse() throws Exception {
        var guest = new Principal("guest", Set.of(Scope.READ), Set.of(new AgentId("beta")));
        try (var forGuest = ReadingDoor.of(guest)) {
            assertThat(Json.readObject(forGuest.get("/v1/models").body()).path("data"))
                    .extracting(model -> model.path("id").stringValue())
                    .containsExactly("openclaw/beta");
            assertThat(forGuest.get("/v1/models/agent:beta").statusCode()).isEqualTo(200);
            assertThat(forGuest.get("/v1/models/openclaw").statusCode()).isEqualTo(404);
            assertThat(forGuest.get("/v1/models/gpt-4o").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "OPTIONS", "DELETE"})
    void saysWhereCompletionsAreNow(String method) throws Exception {
        var response = door.send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + door.edge().port() + "/v1/completions"))
                .method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response).path("message").stringValue()).contains("/v1/chat/completions");
    }
}
