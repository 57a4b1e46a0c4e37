package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static List<String> read(InputStream in) throws IOException {
        var reader = new SseReader(in);
        List<String> events = new ArrayList<>();
        for (Optional<String> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
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
