package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.SessionKey;
import io.chela.testkit.FakeModel;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatHeadersTest {
    private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static String answer(TestDoor door, Charset charset, String header) throws Exception {
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), door.port())) {
            String request =
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                            + TestDoor.TOKEN + "\r\n" + header + "\r\nContent-Length: " + HI.length() + "\r\n\r\n" + HI;
            socket.getOutputStream().write(request.getBytes(charset));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void readsASessionKeyOfAnyScript() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            assertThat(answer(door, UTF_8, "x-openclaw-session-key: беседа 1%"))
                    .contains("agent:main:%D0%B1%D0%B5%D1%81%D0%B5%D0%B4%D0%B0 1%25");
            var key = new SessionKey("agent:main:беседа 1%");
            assertThat(door.gateway().sessions().transcript("operator", key)).hasSize(2);
        }
    }

    @Test
    void refusesAKeyThatIsNoUtf8() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            assertThat(answer(door, ISO_8859_1, "x-openclaw-session-key: caf\u00e9"))
                    .startsWith("HTTP/1.1 400")
                    .contains("`x-openclaw-session-key` is not valid UTF-8.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "main,                agent:main:main",
        "global,              agent:main:global",
        "trip,                agent:main:trip",
        "agent:main:app:one,  agent:main:app:one",
        "agent:beta:foo,      agent:beta:foo",
        "Trip,                agent:main:Trip"
    })
    void completesShortKeys(String given, String key) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            var response = door.ask("hi", "", "x-openclaw-session-key", given);
            assertThat(response.headers().firstValue("x-openclaw-session-key")).contains(key);
        }
    }

    @Test
    void refusesTheKeyOfAnotherAgentThanTheChosenOne() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            var response = door.ask("hi", "\"model\":\"openclaw/main\"", "x-openclaw-session-key", "agent:beta:foo");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(Json.readObject(response.body()).at("/error/param").stringValue())
                    .isEqualTo("x-openclaw-session-key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-openclaw-agent-id",
                "x-openclaw-agent",
                "x-openclaw-session-key",
                "x-openclaw-model",
                "x-openclaw-message-channel"
            })
    void refusesAHeaderThatIsThereTwice(String name) throws Exception {
        var model = FakeModel.saying("never");
        try (var door = TestDoor.before(model)) {
            var response = door.ask("hi", "", name, "main", name, "beta");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(Json.readObject(response.body()).at("/error/param").stringValue())
                    .isEqualTo(name);
            assertThat(model.prompts()).isEmpty();
        }
    }

    @Test
    void takesTheShortAgentHeaderAndBlankOnesForNone() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            assertThat(door.ask("hi", "", "x-openclaw-agent", "beta").headers().firstValue("x-openclaw-agent-id"))
                    .contains("beta");
            assertThat(door.ask("hi", "", "x-openclaw-agent-id", " ").headers().firstValue("x-openclaw-agent-id"))
                    .contains("main");
        }
    }

    @ParameterizedTest
    @CsvSource({"fake/m2, 200", "m2, 200", "zzz/nope, 404"})
    void takesAnotherModelForThisTurn(String model, int status) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            var response = door.ask("hi", "", "x-openclaw-model", model);
            assertThat(response.statusCode()).isEqualTo(status);
            if (status == 404) {
                assertThat(Json.readObject(response.body()).path("error").toString())
                        .contains("model_not_found", "x-openclaw-model");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"telegram, 200", "'bogus chan', 200"})
    void takesAnyChannel(String channel, int status) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            assertThat(door.ask("hi", "", "x-openclaw-message-channel", channel).statusCode())
                    .isEqualTo(status);
            assertThat(door.ask("hi", "", "x-openclaw-message-channel", "x".repeat(65))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void saysWhoAnsweredAndKeepsTheCallersRequestId() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            var headers = door.ask("hi", "", "x-request-id", "mine-1").headers();
            assertThat(headers.firstValue("x-request-id")).contains("mine-1");
            assertThat(headers.firstValue("x-openclaw-run-id")).isPresent();
            assertThat(headers.firstValue("x-openclaw-session-key")).isEmpty();
        }
    }

    @Test
    void keepsAResentConversationOnce() throws Exception {
        var model = FakeModel.saying("fine");
        try (var door = TestDoor.before(model)) {
            door.ask("one", "\"user\":\"me\"");
            door.post("{\"user\":\"me\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"},"
                    + "{\"role\":\"assistant\",\"content\":\"fine\"},{\"role\":\"user\",\"content\":\"two\"}]}");
            var key = new SessionKey("agent:main:openai-user:me");
            assertThat(door.gateway().sessions().transcript("operator", key))
                    .extracting(entry -> entry.message().text())
                    .containsExactly("one", "fine", "two", "fine");
        }
    }
}
