package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.spi.Settings;
import io.chela.app.models.LocalServer;
import io.chela.app.models.ModelSearch;
import io.chela.testkit.ScriptedUpstream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
    @TempDir
    private Path folder = Path.of("unset");

    private ModelsCommand.Listing list(String config, List<LocalServer> servers) throws Exception {
        Path file = Files.writeString(folder.resolve("chela.yaml"), config);
        var read = ConfigFile.read(file, Map.of(), folder).config();
        return ModelsCommand.Listing.of(
                GatewayConfig.read(Settings.of(read), read),
                new ModelSearch(servers, Duration.ofSeconds(10), folder, Map.of()),
                Extensions.load(Optional.empty()));
    }

    @Test
    void listsWhatIsConfiguredAndFoundAndWhatIsReady() throws Exception {
        try (var server = ScriptedUpstream.answering(exchange -> exchange.json(200, "{\"data\":[{\"id\":\"a\"}]}"))) {
            var listing = list(
                    """
                    models:
                      providers:
                        home: { baseUrl: "%s", models: [ { id: a }, { id: b } ] }
                        away: { baseUrl: "https://models.example.com/v1", models: [ { id: c } ] }
                        files: { api: llamacpp, models: [ { id: d, file: d.gguf } ] }
                    """.formatted(server.baseUrl()),
                    List.of(new LocalServer(
                            "ollama", URI.create(server.baseUrl()).getPort())));
            assertThat(listing.lines())
                    .anyMatch(line -> line.matches("  configured +home/a +ready +http://127.*"))
                    .anyMatch(line -> line.matches("  configured +home/b +absent .* - the server does not list it"))
                    .anyMatch(line -> line.matches("  configured +away/c +unasked .*off this machine"))
                    .anyMatch(line -> line.matches("  configured +files/d +absent .*d.gguf.*"))
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
    void namesAModelFileThatIsNone() throws Exception {
        Files.writeString(folder.resolve("page.gguf"), "<html>");
        assertThat(list("{}", List.of()).lines())
                .anyMatch(line -> line.startsWith("note: ") && line.contains("page.gguf is no GGUF file"))
                .contains("answering: offline/echo");
    }

    @Test
    void wantsAHashForAUrlAndANameOfTheCatalogue() {
        assertThatThrownBy(() -> ModelsCommand.wanted("https://x/a.gguf", Optional.empty()))
                .isInstanceOfSatisfying(UsageException.class, e -> {
                    assertThat(e.text()).contains("needs --sha256");
                    assertThat(e.exitCode()).isEqualTo(Main.EXIT_USAGE);
                });
        assertThatThrownBy(() -> ModelsCommand.wanted("smollm2", Optional.of("ab")))
                .hasMessageContaining("goes with a URL");
        assertThatThrownBy(() -> ModelsCommand.wanted("gpt-5", Optional.empty()))
                .hasMessageContaining("there is no model 'gpt-5'");
        assertThatThrownBy(() -> ModelsCommand.wanted("https://x/a.txt", Optional.of("0".repeat(64))))
                .hasMessageContaining("ends in .gguf");
    }
}
