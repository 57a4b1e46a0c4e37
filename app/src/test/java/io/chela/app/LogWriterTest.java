package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogWriterTest {
    private static final int LINE = 1024;

    private static final class Slow implements LogWriter.Output {
        private final CountDownLatch mayWrite = new CountDownLatch(1);
        private final CountDownLatch writing = new CountDownLatch(1);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int writes;

        @Override
        public boolean write(byte[] lines, int length) {
            writing.countDown();
            try {
                mayWrite.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            written.write(lines, 0, length);
            writes++;
            return true;
        }

        @Override
        public void close() {}

        String text() {
            return written.toString(UTF_8);
        }
    }

    private static byte[] notice(long lost) {
        return ("lost " + lost + "\n").getBytes(UTF_8);
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(UTF_8);
    }

    @Test
    void writesManyLinesAtOnceAndAllOfThemWhenItCloses() {
        var output = new Slow();
        output.mayWrite.countDown();
        var expected = new StringBuilder();
        try (var writer = new LogWriter("test", output, LogWriterTest::notice)) {
            for (int i = 0; i < 1_000; i++) {
                writer.add(line("line " + i), false);
                expected.append("line ").append(i).append('\n');
            }
        }
        assertThat(output.text()).isEqualTo(expected.toString());
        assertThat(output.writes).isLessThan(500);
    }

    @Test
    void writesAnUrgentLineWithoutWaitingForOthers() throws Exception {
        var output = new Slow();
        try (var writer = new LogWriter("test", output, LogWriterTest::notice)) {
            writer.add(line("now"), true);
            assertThat(output.writing.await(
                            10 * LogWriter.GATHER.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS))
                    .isTrue();
            output.mayWrite.countDown();
        }
    }

    @Test
    void countsWhatDoesNotFitAndSaysSoAndBlocksNobody() throws Exception {
        var output = new Slow();
        int lines = 2 * LogWriter.MAX_BUFFERED_BYTES / LINE;
        long accepted;
        try (var writer = new LogWriter("test", output, LogWriterTest::notice)) {
            writer.add(line("first"), true);
            output.writing.await();
            long start = System.nanoTime();
            for (int i = 0; i < lines; i++) {
                writer.add(line("x".repeat(LINE - 1)), false);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            output.mayWrite.countDown();
        }
        accepted = output.text().lines().filter(text -> text.startsWith("x")).count();
        assertThat(accepted).isEqualTo(LogWriter.MAX_BUFFERED_BYTES / LINE);
        assertThat(output.text()).contains("lost " + (lines - accepted) + "\n");
    }
}
