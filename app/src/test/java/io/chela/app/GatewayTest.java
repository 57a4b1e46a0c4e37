package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GatewayTest {
    private static final String KEY = "trip";

    @TempDir
    private Path folder = Path.of("unset");

    private static ObjectNode agentParams(String text) {
        return Json.object().put("message", text).put("idempotencyKey", text).put("sessionKey", KEY);
    }

    private static String chatBody(String text) {
        return "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private static List<String> sent(ScriptedUpstream upstream, int request) {
        JsonNode messages = upstream.requests().get(request).json().path("messages");
        return StreamSupport.stream(messages.spliterator(), false)
                .map(message -> message.path("role").stringValue() + ": "
                        + message.path("content").stringValue())
                .toList();
    }

    @Test
    void answersThroughHttpWithTheModelsOwnUsage() throws Exception {
        try (var upstream = ScriptedUpstream.saying("Hel", "lo");
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            var answer = Json.readObject(pair.chat(chatBody("hi")).body());
            assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("Hello");
            assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(13);
            assertThat(sent(upstream, 0)).containsExactly("system: Be brief.", "user: hi");
        }
    }

    @Test
    void keepsOneTranscriptForHttpAndWebSocketAndAcrossARestart() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine")) {
            try (var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
                var byHttp = pair.chat(chatBody("one"), "x-openclaw-session-key", KEY);
                assertThat(byHttp.body()).contains("\"total_tokens\":12");
                var byWs = AgentCommand.ask(pair.address(), agentParams("two"));
                assertThat(byWs.at("/payload/result/meta/agentMeta/usage/total").intValue())
                        .isEqualTo(12);
                assertThat(sent(upstream, 1))
                        .containsExactly("system: Be brief.", "user: one", "assistant: fine", "user: two");
            }
            try (var again = GatewayPair.asking(upstream.baseUrl(), folder)) {
                again.chat(chatBody("three"), "x-openclaw-session-key", KEY);
                assertThat(sent(upstream, 2))
                        .containsExactly(
                                "system: Be brief.",
                                "user: one",
                                "assistant: fine",
                                "user: two",
                                "assistant: fine",
                                "user: three");
            }
        }
    }

    @Test
    void answersAsTheAgentThatAnAliasMeans() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with("""
                        gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                        agents:
                          defaults: { model: home/m }
                          list: [ { id: main }, { id: coder, aliases: [gpt-4o], instructions: Write code. } ]
                        models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                        """.formatted(upstream.baseUrl()), folder)) {
            var answer = pair.chat(chatBody("hi").replace("openclaw", "gpt-4o"));
            assertThat(answer.headers().firstValue("x-openclaw-agent-id")).contains("coder");
            assertThat(Json.readObject(answer.body()).path("model").stringValue())
                    .isEqualTo("gpt-4o");
            assertThat(sent(upstream, 0)).containsExactly("system: Write code.", "user: hi");
        }
    }

    @Test
    void keepsTheChatEndpointShutByDefault() throws Exception {
        try (var pair = GatewayPair.with("agents: { list: [ { id: main } ] }", folder)) {
            assertThat(pair.chat(chatBody("hi")).statusCode()).isEqualTo(404);
            assertThat(pair.get("/v1/chat/completions").statusCode()).isEqualTo(404);
            assertThat(StartBlock.lines(pair.gateway(), 1)).anyMatch(line -> line.contains("chatCompletions.enabled"));
        }
    }

    @Test
    void showsHowToTryItWithoutTheTokenItself() throws Exception {
        try (var upstream = ScriptedUpstream.saying("ok");
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            var lines = StartBlock.lines(pair.gateway(), 1);
            String token = Files.readString(folder.resolve("state/token")).strip();
            assertThat(lines).hasSizeLessThanOrEqualTo(8);
            assertThat(lines.stream().filter(line -> line.contains(token))).hasSize(1); // shown once, by itself
            assertThat(lines)
                    .anyMatch(line -> line.contains("home/m") && line.contains("http://127.0.0.1"))
                    .anyMatch(line -> line.contains("curl") && line.contains("$(cat "));
        }
        try (var again = GatewayPair.asking("http://127.0.0.1:1/v1", folder)) {
            String token = Files.readString(folder.resolve("state/token")).strip();
            assertThat(StartBlock.lines(again.gateway(), 1)).noneMatch(line -> line.contains(token));
        }
    }

    @Test
    void keepsTokenAndStateForTheirOwnerAlone() throws Exception {
        try (var pair = GatewayPair.with("{}", folder)) {
            Path state = pair.gateway().stateFolder();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                    .isEqualTo("rwx------");
            for (String file : List.of("token", "chela.db", "chela.lock")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void refusesASecondGatewayInOneFolderAndNamesTheFirst() throws Exception {
        try (var _ = GatewayPair.with("{}", folder)) {
            assertThatThrownBy(() -> GatewayPair.with("{}", folder))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void leavesNothingOpenWhenAStartFails() throws Exception {
        String unknownModel = "agents: { defaults: { model: nowhere/x } }";
        assertThatThrownBy(() -> GatewayPair.with(unknownModel, folder))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("nowhere");
        GatewayPair.with("{}", folder).close();
    }

    @Test
    void answersHealthOnBothLoopbackAddresses() throws Exception {
        try (var pair = GatewayPair.with("{}", folder)) {
            assertThat(pair.get("/readyz").body()).contains("\"ready\":true");
            assertThat(pair.gateway().addresses()).hasSize(2);
        }
    }

    @Test
    void saysWhichAgentCommandCannotReachWhat() {
        var nobody = new GatewayAddress(java.net.URI.create("ws://127.0.0.1:1"), java.util.Optional.empty());
        assertThatThrownBy(() -> AgentCommand.ask(nobody, agentParams("hi")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no gateway answers");
    }
}
