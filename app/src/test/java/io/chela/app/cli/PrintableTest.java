package io.chela.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void leavesNothingThatSteersATerminal() {
        assertThat(Printable.text("a\u001b[2Jb\r\n\tc\u009d\u0007\u007f🦀")).isEqualTo("a[2Jb\n\tc🦀");
    }

    @Test
    void leavesNothingInJsonThatSteersATerminal() {
        assertThat(Printable.json("{\n  \"a\": \"\u009b\u202e🦀\"}")).isEqualTo("{\n  \"a\": \"\\u009b\\u202e🦀\"}");
    }

    @Test
    void keepsACharacterThatComesInTwoPieces() {
        var printable = new Printable();
        assertThat(printable.next("a\ud83e")).isEqualTo("a");
        assertThat(printable.next("\udd80b")).isEqualTo("🦀b");
    }

    @Test
    void makesOneLineOfWhatOthersSayAndAShortOneOfAWord() {
        assertThat(Printable.line("a\nb\tc\u001b\u202e" + "d".repeat(1000))).isEqualTo("a b c" + "d".repeat(1000));
        assertThat(Printable.word("a\nb\tc\u001b")).isEqualTo("a b c");
        assertThat(Printable.word("🦀".repeat(1000))).isEqualTo("🦀".repeat(500) + "…");
    }
}
