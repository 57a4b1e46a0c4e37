package io.chela.model.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.model.llamacpp.Frames.Line.Frame;
import io.chela.model.llamacpp.Frames.Line.Noise;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FramesTest {
    static final List<FromWorker> SAID = List.of(
            new FromWorker.Ready(),
            new FromWorker.LoadFailed("no file\nthere"),
            new FromWorker.Progress(3),
            new FromWorker.Piece(3, "\uD83D\uDE00\n"),
            new FromWorker.Done(3, "length", 49, 24),
            new FromWorker.TooLong(3, 5_000),
            new FromWorker.Failed(3, "why"));

    private static Frames frames(String text, int maxBytes) {
        return new Frames(new ByteArrayInputStream(text.getBytes(UTF_8)), maxBytes);
    }

    @Test
    void tellsFramesFromOtherLines() throws IOException {
        Frames frames = frames("{\"a\":1}\nExtracted x\n[1]\n{\"b\":2}\n{\"half\":", 100);

        assertThat(frames.next()).contains(new Frame(Json.readObject("{\"a\":1}")));
        assertThat(frames.next()).contains(new Noise("Extracted x"));
        assertThat(frames.next()).contains(new Noise("[1]"));
        assertThat(frames.next()).contains(new Frame(Json.readObject("{\"b\":2}")));
        assertThat(frames.next()).isEmpty();
    }

    @Test
    void skipsALineThatIsTooLong() throws IOException {
        String longest = "{\"a\":\"" + "x".repeat(492) + "\"}";
        Frames frames = frames(longest + "\n" + longest + " \n{}\n", longest.length());

        assertThat(frames.next()).contains(new Frame(Json.readObject(longest)));
        assertThat(frames.next()).contains(new Noise(longest.substring(0, Frames.MAX_NOISE_BYTES)));
        assertThat(frames.next()).contains(new Frame(Json.object()));
    }

    @ParameterizedTest
    @FieldSource("SAID")
    void whatAWorkerSaysArrivesAsItWas(FromWorker said) throws IOException {
        var out = new ByteArrayOutputStream();

        Frames.write(out, said.toJson());

        var line =
                new Frames(new ByteArrayInputStream(out.toByteArray())).next().orElseThrow();
        assertThat(FromWorker.read(((Frame) line).json())).contains(said);
    }
}
