package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    @Test
    void showsBytesRateAndTimeLeftOnATerminal() {
        var written = new ByteArrayOutputStream();
        var now = new AtomicLong();
        var bar = new ProgressBar(new PrintStream(written, true, UTF_8), now::get);

        bar.start("a.gguf", 0, 100_000_000);
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        bar.at(25_000_000);
        bar.end();

        String[] drawn = written.toString(UTF_8).split("\r", -1);
        assertThat(drawn[0]).isEqualTo("a.gguf, 100.0 MB\n");
        assertThat(drawn[drawn.length - 1])
                .isEqualTo("[#####...............]  25%  25.0 MB of 100.0 MB  5.0 MB/s  15 s left\n");
    }

    @Test
    void drawsNoMoreThanTenTimesASecond() {
        var written = new ByteArrayOutputStream();
        var now = new AtomicLong();
        var bar = new ProgressBar(new PrintStream(written, true, UTF_8), now::get);
        bar.start("a.gguf", 0, 1_000_000);
        for (int i = 0; i < 1_000; i++) {
            now.addAndGet(1_000_000);
            bar.at(i);
        }
        assertThat(written.toString(UTF_8).chars().filter(c -> c == '\r').count())
                .isLessThan(13);
    }

    @Test
    void countsTheRateOfThisRunAlone() {
        var written = new ByteArrayOutputStream();
        var now = new AtomicLong();
        var bar = new ProgressBar(new PrintStream(written, true, UTF_8), now::get);
        bar.start("a.gguf", 90_000_000, 100_000_000);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        bar.at(91_000_000);
        assertThat(written.toString(UTF_8)).contains("going on at 90.0 MB", "1.0 MB/s  9 s left");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "1000, 1.0 KB",
        "98362432, 98.4 MB",
        "999960, 1.0 MB",
        "7000000000, 7.0 GB"
    })
    void writesSizesAsPeopleReadThem(long bytes, String text) {
        assertThat(Size.of(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"4, 4 s", "200, 3 min 20 s", "7500, 2 h 5 min"})
    void writesTimesAsPeopleReadThem(long seconds, String text) {
        assertThat(Size.of(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
