package io.chela.app;

import io.chela.api.LogLine;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// What a record of `java.util.logging` holds.
final class LogRecords {
    private static final Formatter MESSAGES = new Formatter() {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    };

    private LogRecords() {}

    static LogRecord of(Level level, String logger, LogLine line) {
        var record = new LogRecord(level, "{0}");
        record.setLoggerName(logger);
        record.setParameters(new Object[] {line});
        return record;
    }

    /// The line of named values, when the record is one.
    static Optional<LogLine> line(LogRecord record) {
        Object[] parameters = record.getParameters();
        return parameters != null && parameters.length == 1 && parameters[0] instanceof LogLine line
                ? Optional.of(line)
                : Optional.empty();
    }

    /// The message with its parameters filled in.
    static String message(LogRecord record) {
        return String.valueOf(MESSAGES.format(record));
    }
}
