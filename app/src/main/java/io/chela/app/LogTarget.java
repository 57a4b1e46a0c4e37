package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.LogLine;
import java.time.InstantSource;

/// One place that lines go to, in a format that may change. Safe for many threads.
final class LogTarget {
    private final LogWriter writer;
    private final InstantSource clock;
    private volatile LogFormat format;

    private LogTarget(LogWriter.Output output, LogFormat format, InstantSource clock) {
        this.format = format;
        this.clock = clock;
        this.writer = new LogWriter("log-" + output.getClass().getSimpleName(), output, this::lost);
    }

    static LogTarget to(LogWriter.Output output, LogFormat format, InstantSource clock) {
        return new LogTarget(output, format, clock);
    }

    private byte[] lost(long lines) {
        var line = new LogLine().text("log", "lines lost").number("count", lines);
        return format.own(clock.instant(), line).getBytes(UTF_8);
    }

    LogFormat format() {
        return format;
    }

    /// Writes the next lines in this format.
    void format(LogFormat next) {
        format = next;
    }

    LogWriter writer() {
        return writer;
    }
}
