package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.OpenWebUiRequest.Answer;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Open WebUI sends for one chat of three turns: the whole history and its own tools each time, and its
/// tasks, each one a lone message. Shapes and headers as version 0.12.4 sent them; see `docs/clients.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenWebUiTest {
    private static final String SYSTEM = "system: Be brief.";

    private final ScriptedUpstream upstream = EchoUpstream.start();
    private Image gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
    }

    @AfterAll
    void stop() {
        gateway.close();
        upstream.close();
    }

    /// Sends it, and gives the answer when it is a good one that no session keeps.
    private Answer send(OpenWebUiRequest request) throws IOException {
        Answer answer = request.send(gateway);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.sessionKey()).isEmpty();
        return answer;
    }

    /// What the model was asked last, each message as `role: text`.
    private List<String> asked() {
        return EchoUpstream.conversation(upstream, upstream.requests().size() - 1);
    }

    /// What the model has to be asked for a request that stands alone: the agent's instructions and its messages.
    private static List<String> expected(OpenWebUiRequest request) {
        List<String> messages = new ArrayList<>(List.of(SYSTEM));
        for (JsonNode message : request.body().path("messages")) {
            messages.add(message.path("role").stringValue() + ": "
                    + message.path("content").stringValue());
        }
        return messages;
    }

    private static String echo(OpenWebUiRequest request) {
        return "Echo: "
                + request.body()
                        .path("messages")
                        .path(request.body().path("messages").size() - 1)
                        .path("content")
                        .stringValue();
    }

    private static Stream<String> events(Answer answer) {
        return answer.body().lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring(6));
    }

    private static void streams(Answer answer, String text) {
        assertThat(answer.contentType()).startsWith("text/event-stream");
        List<String> events = events(answer).toList();
        assertThat(events.getLast()).isEqualTo("[DONE]");
        List<ObjectNode> chunks =
                events.stream().limit(events.size() - 1L).map(Json::readObject).toList();
        assertThat(chunks)
                .allMatch(chunk -> chunk.path("object").stringValue("").equals("chat.completion.chunk"))
                .anyMatch(chunk ->
                        chunk.at("/choices/0/finish_reason").stringValue("").equals("stop"));
        StringBuilder said = new StringBuilder();
        chunks.forEach(chunk -> said.append(chunk.at("/choices/0/delta/content").stringValue("")));
        assertThat(said).hasToString(text);
    }

    private void chats(OpenWebUiRequest request) throws IOException {
        int before = upstream.requests().size();
        streams(send(request), echo(request));
        assertThat(upstream.requests()).hasSize(before + 1);
        assertThat(asked()).isEqualTo(expected(request));
        assertThat(upstream.requests().getLast().json().path("tools"))
                .isEqualTo(request.body().path("tools"));
    }

    private void doesTask(OpenWebUiRequest request) throws IOException {
        Answer answer = send(request);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(Json.readObject(answer.body())
                        .at("/choices/0/message/content")
                        .stringValue())
                .isEqualTo(echo(request));
        assertThat(asked()).isEqualTo(expected(request));
    }

    @Test
    void servesAChatWithItsTasksWhichLeaveNoTrace() throws Exception {
        doesTask(OpenWebUiRequest.named("2-title"));
        chats(OpenWebUiRequest.named("3-chat"));
        doesTask(OpenWebUiRequest.named("4-follow-ups"));
        doesTask(OpenWebUiRequest.named("5-tags"));
        chats(OpenWebUiRequest.named("6-chat"));
        var last = OpenWebUiRequest.named("7-chat");
        chats(last);
        // The sessions that could have been meant: the chat's, the user's and the agent's own.
        for (String key : List.of(last.header("X-OpenWebUI-Chat-Id"), last.header("X-OpenWebUI-User-Id"), "main")) {
            try (var caller = gateway.caller()) {
                assertThat(Caller.text(caller.say("anybody there?", key))).isEqualTo("Echo: anybody there?");
                ObjectNode ofUser = Caller.body("and here?").put("user", key);
                assertThat(Caller.text(caller.send(ofUser))).isEqualTo("Echo: and here?");
            }
            assertThat(asked()).containsExactly(SYSTEM, "user: and here?");
            assertThat(EchoUpstream.conversation(upstream, upstream.requests().size() - 2))
                    .containsExactly(SYSTEM, "user: anybody there?");
        }
    }

    @Test
    void listsItsAgentsAsModels() throws Exception {
        Answer answer = send(OpenWebUiRequest.named("1-models"));
        ObjectNode list = Json.readObject(answer.body());
        assertThat(list.path("object").stringValue()).isEqualTo("list");
        String chosen = OpenWebUiRequest.named("3-chat").body().path("model").stringValue();
        assertThat(list.path("data"))
                .anyMatch(model -> model.path("id").stringValue("").equals(chosen));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "%E0%A4%86%E0%A4%B2%E0%A4%BF%E0%A4%B8", "आलिस Müller", "100% alice", "%ZZ%"})
    void takesAnyNameOfTheUser(String name) throws Exception {
        chats(OpenWebUiRequest.named("7-chat").with("X-OpenWebUI-User-Name", name));
        assertThat(asked().toString() + upstream.requests().getLast().headers()).doesNotContain(name);
    }
}
