package io.chela.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.app.cli.TypedLines.Line;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TypedLinesTest {
    private static TypedLines of(String text) {
        return new TypedLines(new ByteArrayInputStream(text.getBytes(UTF_8)), UTF_8);
    }

    @Test
    void readsLinesOfBothKindsAndALastOneWithoutItsEnd() {
        var lines = of("é🦀\r\n\nlast");
        assertThat(lines.next()).contains(new Line("é🦀", false));
        assertThat(lines.next()).contains(new Line("", false));
        assertThat(lines.next()).contains(new Line("last", false));
        assertThat(lines.next()).isEmpty();
    }

    @Test
    void saysThatALineIsTooLongAndGoesOnWithTheNext() {
        var lines = of("x".repeat(TypedLines.LONGEST + 5) + "\nnext\n");
        assertThat(lines.next().orElseThrow().tooLong()).isTrue();
        assertThat(lines.next()).contains(new Line("next", false));
    }

    @Test
    void takesBytesThatAreNoText() {
        var in = new ByteArrayInputStream("a\u00ff\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new TypedLines(in, UTF_8).next()).contains(new Line("a\ufffd", false));
    }
}
