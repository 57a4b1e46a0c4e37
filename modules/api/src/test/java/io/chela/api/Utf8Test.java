package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "é", "ß€", "🦞", "a🦞b€"})
    void countsWhatTheEncoderWrites(String text) {
        assertThat(Utf8.length(text)).isEqualTo(text.getBytes(UTF_8).length);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Utf8.cut("a🦞b", 5)).isEqualTo("a🦞");
        assertThat(Utf8.cut("a🦞b", 4)).isEqualTo("a");
        assertThat(Utf8.cut("abc", 123)).isEqualTo("abc");
    }
}
