package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.auth.OpenAuth;
import io.chela.testkit.FakeModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What a body may look like, and what is looked at first.
class ChatBodyTest {
    private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static JsonNode error(HttpResponse<String> response) {
        return Json.readObject(response.body()).path("error");
    }

    @Test
    void takesAByteOrderMark() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            assertThat(door.post("\uFEFF" + HI).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void missesTheMessagesOfAnEmptyBody() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            var response = door.send(door.request("/v1/chat/completions").POST(BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(error(response).path("message").stringValue()).isEqualTo("`messages` is missing.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                     | 400",
                "{\"temperature\":9}                   | 403",
                "{\"messages\":[],\"model\":\"ghost\"} | 403",
            })
    void looksAtTheScopeForAModelAfterTheJsonAndBeforeItsMembers(String body, int status) throws Exception {
        var open =
                new Authenticator(Optional.empty(), Optional.of(new OpenAuth()), AuthRules.defaults(Clock.systemUTC()));
        try (var door = TestDoor.before(FakeModel.saying("never"), open)) {
            var response = door.post(body, "x-openclaw-model", "fake/m2", "x-openclaw-scopes", "operator.write");
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body().contains("operator.admin")).isEqualTo(status == 403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"ghost\",\"messages\":7}                                   | messages",
                "{\"model\":\"ghost\",\"temperature\":9,\"messages\":[{\"role\":\"user\"}]} | temperature",
                "{\"model\":\"ghost\",\"messages\":[{\"role\":\"user\"}]}                 | model",
            })
    void looksAtTheBodyBeforeTheAgent(String body, String param) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            assertThat(error(door.post(body)).path("param").stringValue()).isEqualTo(param);
        }
    }
}
