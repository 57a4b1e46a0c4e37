package io.chela.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLineTest {
    @Test
    void writesItsValuesInOrder() {
        var line = new LogLine().text("method", "GET").number("status", 200).text("agent", "");
        assertThat(line).hasToString("method=GET status=200 agent=-");
    }

    @Test
    void makesOneWordOfAnything() {
        assertThat(LogLine.word("a b\u0000\u001b\"é")).isEqualTo("a%20b%00%1B%22%C3%A9");
        assertThat(LogLine.word("a\u2028b")).isEqualTo("a%E2%80%A8b");
        assertThat(LogLine.word("")).isEqualTo("-");
        assertThat(LogLine.word("x".repeat(10_000))).hasSize(LogLine.MAX_VALUE);
    }
}
