package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x/y.gguf",
                "https:///y.gguf",
                "https://x/",
                "https://x",
                "https://x/y.bin",
                "https://x/.gguf",
                "https://x/a%2F..%2F.hidden.gguf",
                "https://x/..%2Fa..gguf",
                "https://x/a%00b.gguf",
                "https://x/a%0Ab.gguf",
                "https://x/a%1Bb.gguf",
                "https://x/~a.gguf",
                "https://user:secret@x/a.gguf",
                "no url.gguf"
            })
    void refusesAUrlThatNamesNoModelFile(String url) {
        assertThatThrownBy(() -> FileName.of(url, "0".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret")
                .contains("URL");
    }

    @Test
    void takesTheNameFromTheEndOfTheUrlAlone() {
        String hash = "A".repeat(64);
        assertThat(FileName.of("https://x/a/b%20c-1.5.Q4_K_M.gguf?download=true#x", hash)
                        .file())
                .isEqualTo("b c-1.5.Q4_K_M.gguf");
        assertThat(FileName.of("https://x/a%2Fb.gguf", hash).file()).isEqualTo("b.gguf");
        assertThat(FileName.of("https://x/a.gguf", hash).sha256()).isEqualTo("a".repeat(64));
        assertThatThrownBy(() -> FileName.of("https://x/a.gguf", "abc")).hasMessageContaining("64 hexadecimal");
    }
}
