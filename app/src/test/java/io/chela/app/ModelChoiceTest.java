package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.app.models.LocalServer;
import io.chela.testkit.ScriptedUpstream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gateways for which no model is configured, and those that name what everybody has.
class ModelChoiceTest {
    private static final String CHAT = "gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }\n";
    private static final String ASK = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path folder = Path.of("unset");

    /// A model server that lists its models and answers.
    private static ScriptedUpstream server() {
        return ScriptedUpstream.answering(exchange -> {
            if (exchange.request().path().equals("/v1/models")) {
                exchange.json(
                        200, "{\"data\":[{\"id\":\"nomic-embed-text\"},{\"id\":\"qwen3:8b\"},{\"id\":\"phi4\"}]}");
            } else {
                exchange.say("Hello");
            }
        });
    }

    private static List<LocalServer> ollama(ScriptedUpstream server) {
        return List.of(new LocalServer("ollama", URI.create(server.baseUrl()).getPort()));
    }

    @Test
    void answersByAServerThatItFoundAndSaysSo() throws Exception {
        try (var server = server();
                var pair = GatewayPair.searching(ollama(server), CHAT, folder, Map.of())) {
            var answer = pair.chat(ASK);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Hello");
            var lines = StartBlock.lines(pair.gateway(), 1);
            String address = "127.0.0.1:" + ollama(server).getFirst().port();
            assertThat(lines)
                    .contains("  model    ollama/qwen3:8b, found on " + address + "; prompts go to http://" + address)
                    .contains("note: also found: ollama/phi4; choose with agents.defaults.model")
                    .contains("  agents   main");
        }
        assertThat(Files.readString(folder.resolve("state/logs/chela.log")))
                .contains("no model is configured: ollama/qwen3:8b answers (found on 127.0.0.1:");
    }

    @Test
    void keepsWhatItFoundUntilTheFileNamesAModel() throws Exception {
        try (var server = server();
                var pair = GatewayPair.searching(ollama(server), CHAT, folder, Map.of())) {
            pair.reread(CHAT + "logging: { access: false }");
            assertThat(pair.chat(ASK).body()).contains("Hello");
            assertThat(server.requests().stream()
                            .filter(request -> request.path().equals("/v1/models")))
                    .hasSize(1);
            pair.reread(CHAT + "agents: { defaults: { model: offline/echo } }");
            assertThat(pair.chat(ASK).body()).doesNotContain("Hello").contains("hi");
        }
    }

    @Test
    void looksForNothingWhereAnAgentHasAModel() throws Exception {
        String config = CHAT + "agents: { list: [ { id: main }, { id: b, model: offline/echo } ] }";
        try (var server = server();
                var pair = GatewayPair.searching(ollama(server), config, folder, Map.of("OPENAI_API_KEY", "k"))) {
            assertThat(pair.gateway().defaultAgent().model()).hasToString("offline/echo");
            assertThat(pair.gateway().finding()).isEmpty();
            assertThat(server.requests()).isEmpty();
            assertThat(StartBlock.lines(pair.gateway(), 1)).contains("  agents   main (default), b");
        }
    }

    @Test
    void looksForNothingWhenItMayNot() throws Exception {
        String config = CHAT + "models: { autodetect: false }";
        try (var server = server();
                var pair = GatewayPair.searching(ollama(server), config, folder, Map.of("OPENAI_API_KEY", "k"))) {
            assertThat(pair.gateway().defaultAgent().model()).hasToString("offline/echo");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void saysThatNothingWasFound() throws Exception {
        try (var pair = GatewayPair.with(CHAT, folder)) {
            assertThat(StartBlock.lines(pair.gateway(), 1))
                    .anyMatch(line ->
                            line.startsWith("  model    offline/echo, which only repeats (no model is configured"))
                    .hasSizeLessThanOrEqualTo(8);
        }
    }

    @Test
    void sendsPromptsToOpenAiWhenTheEnvironmentHoldsAKey() throws Exception {
        try (var server = server();
                var pair = GatewayPair.with(
                        CHAT, folder, Map.of("OPENAI_API_KEY", "sk-not-shown", "OPENAI_BASE_URL", server.baseUrl()))) {
            assertThat(pair.chat(ASK).body()).contains("Hello");
            assertThat(server.requests().getFirst().headers()).containsEntry("authorization", "Bearer sk-not-shown");
            var lines = StartBlock.lines(pair.gateway(), 1);
            assertThat(lines)
                    .anyMatch(line -> line.contains("openai/gpt-4.1-mini, by OPENAI_API_KEY; prompts go to http://127"))
                    .noneMatch(line -> line.contains("sk-not-shown"));
        }
        assertThat(Files.readString(folder.resolve("state/logs/chela.log")))
                .contains("openai/gpt-4.1-mini answers")
                .doesNotContain("sk-not-shown");
    }

    @Test
    void namesAVariableThatIsWrong() {
        var environment = Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "nowhere");
        assertThatThrownBy(() -> GatewayPair.with(CHAT, folder, environment))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("OPENAI_BASE_URL: must be an http or https URL");
    }

    @Test
    void knowsTheProvidersThatAnAgentNames() throws Exception {
        String config = CHAT + "agents: { defaults: { model: openai/gpt-x } }";
        try (var server = server();
                var pair = GatewayPair.with(
                        config, folder, Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", server.baseUrl()))) {
            assertThat(pair.chat(ASK).body()).contains("Hello");
            assertThat(server.requests().getFirst().body()).contains("gpt-x");
        }
    }
}
