package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.SessionKey;
import io.chela.api.Usage;
import io.chela.api.spi.ModelState;
import io.chela.testkit.FakeModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ChatCompletionsTest {
    private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static JsonNode error(HttpResponse<String> response) {
        return Json.readObject(response.body()).path("error");
    }

    /// The data of each event, in order; every event must be one `data: ` line.
    private static List<String> events(String stream) {
        List<String> events = new ArrayList<>();
        for (String event : stream.split("\n\n")) {
            assertThat(event).startsWith("data: ").doesNotContain("\n");
            events.add(event.substring("data: ".length()));
        }
        return events;
    }

    @Test
    void answersInTheShapeOfTheApi() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("Hel", "lo"))) {
            var response = door.ask("hi", "\"model\":\"openclaw:main\"");
            ObjectNode body = Json.readObject(response.body());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
            assertThat(body.path("id").stringValue()).startsWith("chatcmpl_");
            assertThat(body.path("object").stringValue()).isEqualTo("chat.completion");
            assertThat(body.path("model").stringValue()).isEqualTo("openclaw:main");
            assertThat(body.at("/choices/0"))
                    .isEqualTo(
                            Json.readObject("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
                                    + "\"finish_reason\":\"stop\"}"));
            assertThat(body.path("usage")).hasToString(Usage.of(11, 2).json().toString());
            assertThat(response.headers().firstValue("x-openclaw-agent-id")).contains("main");
            assertThat(response.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @Test
    void streamsRoleTextFinishUsageAndDone() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying(" Hel", "lo \n"))) {
            var response = door.ask("hi", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
            assertThat(response.headers().firstValue("cache-control")).contains("no-cache");
            var events = events(response.body());
            assertThat(events).hasSize(6).endsWith("[DONE]");
            var chunks = events.subList(0, 5).stream().map(Json::readObject).toList();
            assertThat(chunks.get(0).at("/choices/0/delta")).isEqualTo(Json.readObject("{\"role\":\"assistant\"}"));
            assertThat(chunks.get(1).at("/choices/0/delta")).isEqualTo(Json.readObject("{\"content\":\" Hel\"}"));
            assertThat(chunks.get(2).at("/choices/0/delta")).isEqualTo(Json.readObject("{\"content\":\"lo \\n\"}"));
            assertThat(chunks.get(3).at("/choices/0/finish_reason").stringValue())
                    .isEqualTo("stop");
            assertThat(chunks.get(4).path("choices")).isEmpty();
            assertThat(chunks.get(4).path("usage"))
                    .hasToString(Usage.of(11, 2).json().toString());
            assertThat(chunks)
                    .extracting(chunk -> chunk.path("id").stringValue())
                    .containsOnly(chunks.getFirst().path("id").stringValue());
            assertThat(chunks.get(1).at("/choices/0/finish_reason").isNull()).isTrue();
        }
    }

    @Test
    void saysNothingOfUsageInAStreamUnlessAsked() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("a"))) {
            assertThat(door.ask("hi", "\"stream\":true").body()).doesNotContain("usage");
        }
    }

    @Test
    void sendsTheConversationAndUnknownMembersToTheModel() throws Exception {
        var model = FakeModel.saying("ok");
        try (var door = TestDoor.before(model)) {
            door.post("{\"model\":\"openclaw/beta\",\"messages\":[{\"role\":\"system\",\"content\":\"mine\"},"
                    + "{\"role\":\"user\",\"content\":\" hi \\u0000\",\"name\":\"me\"}],"
                    + "\"temperature\":0.70,\"brand_new\":{\"a\":12345678901234567890123}}");
            var prompt = model.prompts().getFirst();
            assertThat(prompt.messages())
                    .containsExactly(
                            Message.of(Role.SYSTEM, "You are beta"),
                            Message.of(Role.SYSTEM, "mine"),
                            new Message(Json.readObject(
                                    "{\"role\":\"user\",\"content\":\" hi \\u0000\",\"name\":\"me\"}")));
            assertThat(Json.write(prompt.parameters()))
                    .isEqualTo("{\"temperature\":0.70,\"brand_new\":{\"a\":12345678901234567890123}}");
        }
    }

    @Test
    void passesToolCallsThroughInBothShapes() throws Exception {
        var first = Json.readObject("{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}}");
        var second = Json.readObject("{\"index\":0,\"function\":{\"arguments\":\":1}\"}}");
        var model = FakeModel.scripted(_ -> List.of(
                new ModelEvent.Text("Let me see."),
                new ModelEvent.ToolCallDelta(first),
                new ModelEvent.ToolCallDelta(second),
                new ModelEvent.Finish("tool_calls")));
        try (var door = TestDoor.before(model)) {
            var whole = Json.readObject(door.ask("hi", "").body());
            assertThat(whole.at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
            assertThat(whole.at("/choices/0/message/content").stringValue()).isEqualTo("Let me see.");
            assertThat(whole.at("/choices/0/message/tool_calls/0"))
                    .isEqualTo(Json.readObject("{\"id\":\"c1\",\"type\":\"function\","
                            + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}"));
            assertThat(whole.has("usage")).isFalse();

            var events = events(door.ask("hi", "\"stream\":true").body());
            assertThat(Json.readObject(events.get(2)).at("/choices/0/delta/tool_calls/0"))
                    .isEqualTo(first);
            assertThat(Json.readObject(events.get(3)).at("/choices/0/delta/tool_calls/0"))
                    .isEqualTo(second);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAFailureBeforeTheFirstWordWithItsOwnStatus(boolean stream) throws Exception {
        var model = FakeModel.scripted(_ -> {
            throw new ProblemException(new Problem.Upstream(Problem.Upstream.Kind.BROKEN, "home", "home is down"));
        });
        try (var door = TestDoor.before(model)) {
            var response = door.ask("hi", "\"stream\":" + stream);
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(error(response).path("message").stringValue()).isEqualTo("home is down");
        }
    }

    @Test
    void reportsAFailureInMidStreamInBand() throws Exception {
        var model = FakeModel.scripted(_ -> failingAfter("Hel"));
        try (var door = TestDoor.before(model)) {
            var response = door.ask("hi", "\"stream\":true");
            assertThat(response.statusCode()).isEqualTo(200);
            var events = events(response.body());
            assertThat(events).hasSize(4).endsWith("[DONE]");
            assertThat(Json.readObject(events.get(2)).at("/error/message").stringValue())
                    .isEqualTo("cut");
        }
    }

    /// A list that fails while it is read, as a model does.
    private static List<ModelEvent> failingAfter(String text) {
        return new java.util.AbstractList<>() {
            @Override
            public ModelEvent get(int index) {
                if (index == 0) {
                    return new ModelEvent.Text(text);
                }
                throw new ProblemException(new Problem.Upstream(Problem.Upstream.Kind.BROKEN, "home", "cut"));
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    @Test
    void continuesTheSessionOfAUserAndLeavesNoneBehindWithoutOne() throws Exception {
        var model = FakeModel.saying("fine");
        try (var door = TestDoor.before(model)) {
            door.ask("one", "");
            assertThat(door.gateway().sessions().list("operator", 10)).isEmpty();
            var response = door.ask("one", "\"user\":\"आलिस\"");
            door.ask("two", "\"user\":\"आलिस\"");
            assertThat(model.prompts().get(2).messages()).hasSize(4);
            assertThat(response.headers().firstValue("x-openclaw-session-key"))
                    .contains("agent:main:openai-user:%E0%A4%86%E0%A4%B2%E0%A4%BF%E0%A4%B8");
            var key = new SessionKey("agent:main:openai-user:आलिस");
            assertThat(door.gateway().sessions().transcript("operator", key)).hasSize(4);
        }
    }

    @Test
    void takesAgentAndSessionFromHeaders() throws Exception {
        var model = FakeModel.saying("fine");
        try (var door = TestDoor.before(model)) {
            var response = door.ask(
                    "hi", "\"model\":\"openclaw\"", "x-openclaw-agent-id", "beta", "x-openclaw-session-key", "trip");
            assertThat(response.headers().firstValue("x-openclaw-agent-id")).contains("beta");
            assertThat(response.headers().firstValue("x-openclaw-session-key")).contains("agent:beta:trip");
        }
    }

    @Test
    void asksForATokenBeforeItReadsTheBody() throws Exception {
        var model = FakeModel.saying("never");
        try (var door = TestDoor.before(model)) {
            var anonymous = java.net.http.HttpRequest.newBuilder(
                            door.request("/v1/chat/completions").build().uri())
                    .POST(BodyPublishers.ofString("{broken"));
            var response = door.send(anonymous);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
            assertThat(error(response).path("type").stringValue()).isEqualTo("unauthorized");
            var wrong = door.send(anonymous.setHeader("Authorization", "Bearer wrong"));
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(model.prompts()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{broken                                              | ",
                "[]                                                   | ",
                "{}                                                   | messages",
                "{\"messages\":[]}                                    | messages",
                "{\"messages\":\"hi\"}                                | messages",
                "{\"messages\":[7]}                                   | messages[0]",
                "{\"messages\":[{\"role\":\"clown\"}]}                | messages[0].role",
                "{\"messages\":[{\"role\":\"user\",\"content\":7}]}   | messages[0].content",
                "{\"messages\":[{\"role\":\"user\",\"content\":[7]}]} | messages[0].content[0]",
                "{\"model\":7,\"messages\":[{\"role\":\"user\"}]}     | model",
                "{\"stream\":\"yes\",\"messages\":[{\"role\":\"user\"}]} | stream",
                "{\"n\":3,\"messages\":[{\"role\":\"user\"}]}         | n",
                "{\"user\":7,\"messages\":[{\"role\":\"user\"}]}      | user",
            })
    void namesWhatIsWrongWithARequest(String body, String param) throws Exception {
        var model = FakeModel.saying("never");
        try (var door = TestDoor.before(model)) {
            var response = door.post(body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(error(response).path("type").stringValue()).isEqualTo("invalid_request_error");
            assertThat(error(response).path("param").stringValue(null)).isEqualTo(param);
            assertThat(error(response).path("message").stringValue()).doesNotContain("jackson", "Exception");
            assertThat(model.prompts()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt-4o, model", "openclaw/ghost, model"})
    void knowsNoSuchAgent(String name, String param) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            var response = door.ask("hi", "\"model\":\"" + name + "\"");
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(error(response).path("code").stringValue()).isEqualTo("model_not_found");
            assertThat(error(response).path("param").stringValue()).isEqualTo(param);
        }
    }

    @Test
    void refusesOtherMethodsBeforeCredentialsAndOtherPathsAltogether() throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("never"))) {
            var wrongMethod = door.send(door.request("/v1/chat/completions").GET());
            assertThat(wrongMethod.statusCode()).isEqualTo(405);
            assertThat(wrongMethod.headers().firstValue("allow")).contains("POST");
            assertThat(door.send(door.request("/v1/chat/completions/").GET()).statusCode())
                    .isEqualTo(404);
            assertThat(error(door.send(door.request("/v1/nothing").GET()))
                            .path("message")
                            .stringValue())
                    .isNotBlank();
        }
    }

    @Test
    void saysThatAModelIsStillLoading() throws Exception {
        var model = FakeModel.saying("never").in(new ModelState.Loading("loading x.gguf"));
        try (var door = TestDoor.before(model)) {
            var response = door.ask("hi", "");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("retry-after")).isPresent();
            assertThat(response.body()).contains("loading x.gguf");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"stream\":false", "\"stream\":true"})
    void hangsUpOnTheModelWhenTheCallerDoes(String stream) throws Exception {
        var model = FakeModel.saying("Hel").thenHanging();
        try (var door = TestDoor.before(model)) {
            var socket = door.raw("{" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            awaitPrompt(model);
            socket.close();
            assertThat(model.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(door.gateway().runtime().runs().awaitIdle(java.time.Duration.ofSeconds(10)))
                    .isTrue();
        }
    }

    private static void awaitPrompt(FakeModel model) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (model.prompts().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        assertThat(model.prompts()).isNotEmpty();
    }

    @Test
    void staysShutUnlessTheConfigurationOpensIt() {
        var configuration = io.chela.api.spi.Settings.of(io.helidon.config.Config.empty());
        assertThat(new OpenAiHttpProvider().read(configuration))
                .isEqualTo(new OpenAiHttpKeys(false, OpenAiHttpKeys.DEFAULT_READERS));
    }

    @Test
    void answersAsIfItHadNeverBeenThereWhileItIsShut() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            String open = door.rawAnswer("/v1/models");
            door.replace(ReadingDoor.READER, false);
            for (String path : List.of("/v1/models", "/v1/models/x", "/v1/chat/completions", "/v1/completions")) {
                var answer = door.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(answer.body()).isEqualTo(door.get("/v1/never").body());
                assertThat(answer.headers().map().keySet())
                        .isEqualTo(door.get("/v1/never").headers().map().keySet());
            }
            assertThat(door.get("/v1/events").statusCode()).isEqualTo(404);
            door.replace(ReadingDoor.READER, true);
            assertThat(door.rawAnswer("/v1/models").lines().findFirst())
                    .isEqualTo(open.lines().findFirst());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "Application/JSON; charset=utf-8, 200",
        "application/vnd.api+json, 200",
        "text/plain, 400",
        "multipart/form-data; boundary=x, 400"
    })
    void takesJsonAlone(String type, int status) throws Exception {
        try (var door = TestDoor.before(FakeModel.saying("ok"))) {
            var response = door.post(HI, "Content-Type", type);
            assertThat(response.statusCode()).isEqualTo(status);
            if (status == 400) {
                assertThat(error(response).path("param").stringValue()).isEqualTo("Content-Type");
            }
        }
    }
}
