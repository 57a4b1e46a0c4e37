package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.LogLine;
import java.time.InstantSource;

/// One place that lines go to.
record LogTarget(LogFormat format, LogWriter writer) {
    static LogTarget to(LogWriter.Output output, LogFormat format, InstantSource clock) {
        return new LogTarget(
                format,
                new LogWriter(
                        "log-" + output.getClass().getSimpleName(),
                        output,
                        lost -> format.own(
                                        clock.instant(),
                                        new LogLine().text("log", "lines lost").number("count", lost))
                                .getBytes(UTF_8)));
    }
}
