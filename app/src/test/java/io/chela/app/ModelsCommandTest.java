package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelsCommandTest {
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
