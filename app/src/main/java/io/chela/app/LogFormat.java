package io.chela.app;

import io.chela.api.LogLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// How a record looks: one line, whatever its values hold. Text has a failure's trace in indented lines below.
enum LogFormat {
    /// `2026-01-31T12:00:00.000Z WARN io.chela.edge.EdgeServer what was said`
    TEXT {
        @Override
        String format(LogRecord record, Masking masking) {
            var line = new StringBuilder(TIME.format(record.getInstant()))
                    .append(' ')
                    .append(level(record.getLevel()))
                    .append(' ')
                    .append(record.getLoggerName())
                    .append(' ');
            LogRecords.line(record)
                    .ifPresentOrElse(
                            values -> LogText.values(line, values, masking),
                            () -> line.append(LogText.oneLine(masking.mask(LogRecords.message(record)))));
            line.append('\n');
            if (record.getThrown() != null) {
                Trace.of(record.getThrown())
                        .forEach(frame -> line.append("    ")
                                .append(LogText.oneLine(masking.mask(frame)))
                                .append('\n'));
            }
            return line.toString();
        }
    },

    /// `{"time":"2026-01-31T12:00:00.000Z","level":"WARN","logger":"io.chela.edge.EdgeServer","message":"…"}`
    JSON {
        @Override
        String format(LogRecord record, Masking masking) {
            var json = new LogJson()
                    .text("time", TIME.format(record.getInstant()))
                    .text("level", level(record.getLevel()))
                    .text("logger", String.valueOf(record.getLoggerName()));
            LogRecords.line(record)
                    .ifPresentOrElse(
                            line -> line.values().forEach(value -> add(json, value, masking)),
                            () -> json.text("message", masking.mask(LogRecords.message(record))));
            if (record.getThrown() != null) {
                json.text("trace", masking.mask(String.join("\n", Trace.of(record.getThrown()))));
            }
            return json.end();
        }

        private static void add(LogJson json, LogLine.Value value, Masking masking) {
            if (value.isNumber()) {
                json.number(value.name(), value.text());
            } else {
                json.text(value.name(), LogLine.cut(masking.mask(value.text())));
            }
        }
    };

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// The record with its line break.
    abstract String format(LogRecord record, Masking masking);

    /// A line of the log about itself.
    String own(Instant at, LogLine line) {
        LogRecord record = LogRecords.of(Level.WARNING, Logging.class.getName(), line);
        record.setInstant(at);
        return format(record, Masking.nothing());
    }

    private static String level(Level level) {
        int value = level.intValue();
        return value >= Level.SEVERE.intValue()
                ? "ERROR"
                : value >= Level.WARNING.intValue()
                        ? "WARN"
                        : value >= Level.INFO.intValue() ? "INFO" : value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }
}
