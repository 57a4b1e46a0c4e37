package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.app.models.Catalogue;
import io.chela.app.models.LocalServer;
import io.chela.app.models.ModelSearch;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsListingTest {
    private static final Path CATALOGUE = Path.of("../config/models.yaml");

    @TempDir
    private Path folder = Path.of("unset");

    private ModelsListing list(String config, List<LocalServer> servers, Map<String, String> variables)
            throws IOException {
        Path file = Files.writeString(folder.resolve("chela.yaml"), config);
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("CHELA_MODELS_DIR", folder.toString());
        return ModelsListing.of(
                new Reading.Source(GatewayPair.options(file, folder), environment, Extensions.load(Optional.empty())),
                (models, all) -> new ModelSearch(servers, Duration.ofSeconds(10), models, all),
                Catalogue.read(CATALOGUE));
    }

    private List<String> lines(String config) throws IOException {
        return list(config, List.of(), Map.of()).lines();
    }

    private static ScriptedUpstream serving(String... ids) {
        String data = String.join("\"},{\"id\":\"", ids);
        return ScriptedUpstream.answering(exchange -> exchange.json(200, "{\"data\":[{\"id\":\"" + data + "\"}]}"));
    }

    private static List<LocalServer> ollama(ScriptedUpstream server) {
        return List.of(new LocalServer("ollama", URI.create(server.baseUrl()).getPort()));
    }

    @Test
    void listsWhatIsConfiguredAndFoundAndWhatIsReady() throws Exception {
        try (var server = serving("a")) {
            var listing = list("""
                    models:
                      providers:
                        home: { baseUrl: "%s", models: [ { id: a }, { id: b } ] }
                        away: { baseUrl: "https://models.example.com/v1", models: [ { id: c } ] }
                    """.formatted(server.baseUrl()), ollama(server), Map.of());
            assertThat(listing.lines())
                    .anyMatch(line -> line.matches("  configured +home/a +ready +http://127.*"))
                    .anyMatch(line -> line.matches("  configured +home/b +absent .* - the server does not list it"))
                    .anyMatch(line -> line.matches("  configured +away/c +unasked .*off this machine"))
                    .anyMatch(line -> line.matches("\\* found +ollama/a +ready +http://127.*"))
                    .contains("answering: ollama/a");
            var json = listing.json();
            assertThat(json.path("answering").stringValue()).isEqualTo("ollama/a");
            assertThat(json.path("models").valueStream())
                    .anyMatch(model -> model.path("name").asString("").equals("home/a")
                            && model.path("from").asString("").equals("configured")
                            && model.path("state").asString("").equals("ready"));
        }
    }

    @Test
    void hasARowForEachModelThatAnAgentAsks() throws Exception {
        try (var server = serving("x")) {
            assertThat(lines("""
                            agents:
                              defaults: { model: { primary: h/x, fallbacks: [ anthropic/claude, local/nosuch ] } }
                              list: [ { id: main }, { id: b, model: h/y }, { id: c, model: away/other } ]
                            models:
                              providers:
                                h: { baseUrl: "%s" }
                                away: { baseUrl: "https://models.example.com/v1", models: [ { id: one } ] }
                            """.formatted(server.baseUrl())))
                    .anyMatch(line -> line.matches("\\* configured +h/x +ready +http://127.*"))
                    .anyMatch(line -> line.matches("  configured +h/y +absent .* - the server does not list it"))
                    .anyMatch(line -> line.matches(
                            "  configured +anthropic/claude +absent +models.providers - no provider 'anthropic'"))
                    .anyMatch(line -> line.matches("  configured +local/nosuch +absent +.*/nosuch.gguf - is missing"))
                    .anyMatch(line -> line.matches(
                            "  configured +away/other +absent +models.providers.away.models - it is not listed there"))
                    .filteredOn(line -> line.startsWith("* "))
                    .hasSize(1);
        }
    }

    @Test
    void givesTheStarToAModelThatNobodyProvides() throws Exception {
        assertThat(lines("agents: { defaults: { model: anthropic/claude } }"))
                .anyMatch(line -> line.startsWith("* configured") && line.contains("anthropic/claude"));
        assertThat(lines("agents: { defaults: { model: local/nosuch } }"))
                .anyMatch(line -> line.startsWith("* configured") && line.contains("local/nosuch"));
    }

    @Test
    void givesTheStarToTheStarterInTheCatalogue() throws Exception {
        var listing = list("models: { starter: smollm2 }", List.of(), Map.of());
        assertThat(listing.lines())
                .anyMatch(line -> line.matches("\\* catalogue +smollm2 +absent +98.4 MB  chela models pull .*"))
                .contains("answering: starter/smollm2");
        assertThat(listing.json().path("models").valueStream())
                .filteredOn(model -> model.path("answers").booleanValue(false))
                .singleElement()
                .matches(model -> model.path("name").asString("").equals("smollm2"));
    }

    @Test
    void givesTheStarToWhatAKeyOfTheEnvironmentFinds() throws Exception {
        assertThat(list("{}", List.of(), Map.of("OPENAI_API_KEY", "k")).lines())
                .anyMatch(
                        line -> line.matches("\\* found +openai/gpt-4.1-mini +unasked +https://api.openai.com/v1 .*"));
    }

    @Test
    void callsWhatIsFoundAsTheSearchDoes() throws Exception {
        try (var server = serving("a")) {
            String config = "models: { providers: { ollama: { baseUrl: \"https://models.example.com/v1\" } } }";
            assertThat(list(config, ollama(server), Map.of()).lines())
                    .anyMatch(line -> line.matches("  configured +ollama/\\* +unasked .*"))
                    .anyMatch(line -> line.matches("\\* found +found-ollama/a +ready .*"));
        }
    }

    @Test
    void saysWhichModelsOllamaSendsOnToItsCloud() throws Exception {
        try (var server = serving("glm-4.6:cloud", "a")) {
            assertThat(list("{}", ollama(server), Map.of()).lines())
                    .anyMatch(line -> line.matches("\\* found +ollama/a +ready .*"))
                    .anyMatch(line -> line.matches(
                            "  found +ollama/glm-4.6:cloud +unasked +http://127.* - prompts go on to ollama.com"));
        }
    }

    @Test
    void refusesAFileWithMistakesAsAStartDoes() {
        assertThatThrownBy(() -> lines("gateway: { prot: 1 }"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("chela.yaml has a mistake:\n  gateway.prot: unknown key")
                .hasMessageContaining("(line 1, column 12)");
        assertThatThrownBy(() -> list("{}", List.of(), Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "x")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("OPENAI_BASE_URL: must be an http or https URL");
    }

    @Test
    void namesAModelFileThatIsNone() throws Exception {
        Files.writeString(folder.resolve("page.gguf"), "<html>");
        assertThat(lines("{}"))
                .anyMatch(line -> line.startsWith("note: ") && line.contains("page.gguf is no GGUF file"))
                .anyMatch(line -> line.matches("\\* configured +offline/echo +ready +the extension offline"))
                .contains("answering: offline/echo");
    }
}
