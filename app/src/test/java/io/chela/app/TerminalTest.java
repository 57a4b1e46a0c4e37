package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void showsColoursUnlessSomebodyMinds() {
        assertThat(Terminal.mayShowColours(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Terminal.mayShowColours(Map.of("TERM", "xterm", "NO_COLOR", "")))
                .isTrue();
        assertThat(Terminal.mayShowColours(Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isFalse();
        assertThat(Terminal.mayShowColours(Map.of("TERM", "dumb"))).isFalse();
        assertThat(Terminal.mayShowColours(Map.of())).isFalse();
    }

    @Test
    void coloursNothingButWhatItAdds() {
        var lines = List.of("warning: x", "chela gateway ready on y", "  model    z", "  Ctrl-C stops");
        assertThat(StartBlock.coloured(lines))
                .allMatch(line -> line.startsWith("\u001b["))
                .extracting(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(lines);
    }
}
