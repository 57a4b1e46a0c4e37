package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.spi.ReplyLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static final int MAX_EVENT_BYTES = ReplyLimits.DEFAULTS.eventBytes();

    private static List<String> read(InputStream in) throws IOException {
        var reader = new SseReader(in, MAX_EVENT_BYTES, Duration.ofMinutes(1));
        List<String> events = new ArrayList<>();
        for (Optional<SseEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get().data());
        }
        return events;
    }

    /// Gives one byte at a time, so that every packet edge is tried.
    private static InputStream drip(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsEventsWhateverEndsTheirLines(String end) throws IOException {
        String stream = String.join(end, ": comment", "", "data: one", "id: 7", "", "data:two", "data: höher", "", "");
        assertThat(read(drip(stream))).containsExactly("one", "two\nhöher");
        assertThat(read(new ByteArrayInputStream(stream.getBytes(UTF_8)))).containsExactly("one", "two\nhöher");
    }

    @Test
    void keepsCharactersThatPacketsCutInPieces() throws IOException {
        assertThat(read(drip("data: 🦀 आलिस\n\n"))).containsExactly("🦀 आलिस");
    }

    @Test
    void readsEventsThatEveryCutDividesInTwo() throws IOException {
        byte[] stream = "\uFEFFdata: één\r\n\r\nevent:error\r\ndata\r\rdata: a\ndata:\n\n: end\n\n".getBytes(UTF_8);
        for (int cut = 1; cut < stream.length; cut++) {
            var in = new SequenceInputStream(
                    new ByteArrayInputStream(stream, 0, cut),
                    new ByteArrayInputStream(stream, cut, stream.length - cut));
            assertThat(read(in)).as("cut at %d", cut).containsExactly("één", "", "a\n");
        }
    }

    @Test
    void readsALineThatIsLongerThanItsBuffer() throws IOException {
        String text = "é🦀x".repeat(10_000);
        assertThat(read(new ByteArrayInputStream(("data: " + text + "\n\ndata: b\n\n").getBytes(UTF_8))))
                .containsExactly(text, "b");
    }

    @Test
    void givesTheNameOfAnEvent() throws IOException {
        var reader = new SseReader(
                drip("event: ping\n\nevent: error\ndata: {}\n\ndata: x\n\n"), MAX_EVENT_BYTES, Duration.ofMinutes(1));
        assertThat(reader.next()).contains(new SseEvent("error", "{}"));
        assertThat(reader.next()).contains(new SseEvent("", "x"));
    }

    @Test
    void takesAnEventOfOneMebibyte() throws IOException {
        String data = "x".repeat(MAX_EVENT_BYTES - "data: ".length());
        assertThat(read(new ByteArrayInputStream(("data: " + data + "\n\n").getBytes(UTF_8))))
                .containsExactly(data);
    }

    @Test
    void refusesManyLinesThatMakeMoreThanOneMebibyte() {
        String lines = ("data: " + "x".repeat(1_000) + "\n").repeat(1_100);
        assertThatThrownBy(() -> read(new ByteArrayInputStream(lines.getBytes(UTF_8))))
                .isInstanceOf(SseReader.TooLarge.class);
    }

    @Test
    void givesTheEventThatTheEndCutsOff() throws IOException {
        assertThat(read(drip("data: last"))).containsExactly("last");
    }

    @Test
    void refusesAnEventOfMoreThanOneMebibyte() {
        var endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> read(endless)).isInstanceOf(SseReader.TooLarge.class);
    }
}
