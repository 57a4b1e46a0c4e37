package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartBlockTest {
    private static final String CHAT = "http: { endpoints: { chatCompletions: { enabled: true } } }";
    private static final String SECRET = "a-token-that-nobody-guesses";

    @TempDir
    private Path folder = Path.of("unset");

    private List<String> lines(String config, Map<String, String> environment) throws IOException {
        try (var pair = GatewayPair.with(config, folder, environment)) {
            List<String> lines = StartBlock.lines(pair.gateway(), 1);
            assertThat(lines).hasSizeLessThanOrEqualTo(8).noneMatch(line -> line.contains(SECRET));
            return lines;
        }
    }

    private String file() {
        return folder.resolve("chela-test.yaml").toString();
    }

    @Test
    void offersTheChatWhereTheEndpointIsShut() throws Exception {
        assertThat(lines("{}", Map.of()))
                .contains("  try      chela chat --state-dir " + folder.resolve("state")
                        + " (for HTTP set gateway.http.endpoints.chatCompletions.enabled: true in " + file() + ")");
        assertThat(lines("gateway: { auth: { token: " + SECRET + " } }", Map.of()))
                .anyMatch(line -> line.startsWith("  try      OPENCLAW_GATEWAY_TOKEN=YOUR_TOKEN chela chat "));
    }

    @Test
    void looksIntoTheUsualFolderByItself() {
        Map<String, String> environment = Map.of("HOME", "/home/me");
        assertThat(StateFolder.isUsual(Path.of("/home/me/.chela"), environment)).isTrue();
        assertThat(StateFolder.isUsual(Path.of("/var/lib/chela"), environment)).isFalse();
    }

    @Test
    void saysWhereATokenStandsThatTheShellDoesNotKnow() throws Exception {
        assertThat(lines("gateway: { auth: { token: " + SECRET + " }, " + CHAT + " }", Map.of()))
                .contains("  token    YOUR_TOKEN is the value of gateway.auth.token in " + file())
                .anyMatch(line -> line.startsWith("  try      curl ") && line.contains("Bearer YOUR_TOKEN\""));
        assertThat(lines("gateway: { auth: { mode: password, password: " + SECRET + " }, " + CHAT + " }", Map.of()))
                .contains("  token    YOUR_PASSWORD is the value of gateway.auth.password in " + file());
    }

    @Test
    void leavesATokenToTheVariableThatHoldsIt() throws Exception {
        Map<String, String> environment = Map.of("MY_TOKEN", SECRET);
        assertThat(lines("gateway: { auth: { token: \"${MY_TOKEN}\" }, " + CHAT + " }", environment))
                .anyMatch(line -> line.contains("Bearer $MY_TOKEN\""))
                .noneMatch(line -> line.startsWith("  token"));
        assertThat(lines("gateway: { auth: { token: \"${MY_TOKEN}\" } }", environment))
                .anyMatch(line -> line.startsWith("  try      OPENCLAW_GATEWAY_TOKEN=$MY_TOKEN chela chat "));
        assertThat(lines("{}", Map.of("OPENCLAW_GATEWAY_TOKEN", SECRET)))
                .anyMatch(line -> line.startsWith("  try      chela chat "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models: { autodetect: false }", "agents: { defaults: { model: offline/echo } }"})
    void saysThatAModelOnlyRepeatsAndHowToGetAnother(String config) throws Exception {
        assertThat(lines(config, Map.of()))
                .anyMatch(line -> line.startsWith(
                        "  model    offline/echo, which only repeats (chela models pull smollm2 fetches one); "));
    }

    @Test
    void saysThatOllamaSendsPromptsOnToItsCloud() throws Exception {
        assertThat(lines(
                        "agents: { defaults: { model: { primary: ollama/glm-4.6:cloud, fallbacks: [ ollama/qwen3 ] } } }",
                        Map.of()))
                .contains("  model    ollama/glm-4.6:cloud; prompts go to http://127.0.0.1:11434, and from there on to"
                        + " ollama.com; when it fails to ollama/qwen3, http://127.0.0.1:11434");
    }
}
