package io.chela.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends every log line to standard error, one line a record; what a value holds cannot start another line.
final class Logging {
    /// Kept, since a logger that nobody holds forgets its level.
    private static final Logger LIBRARIES = Logger.getLogger("io.helidon");

    private Logging() {}

    static void start() {
        LogManager.getLogManager().reset();
        Handler console = new ConsoleHandler();
        console.setFormatter(new LineFormatter());
        Logger.getLogger("").addHandler(console);
        LIBRARIES.setLevel(Level.WARNING);
    }

    static final class LineFormatter extends Formatter {
        @Override
        public String format(LogRecord record) {
            String line = record.getInstant().truncatedTo(ChronoUnit.MILLIS) + " " + level(record.getLevel()) + " "
                    + record.getLoggerName() + " " + oneLine(formatMessage(record)) + System.lineSeparator();
            return record.getThrown() == null ? line : line + trace(record.getThrown());
        }

        private static String level(Level level) {
            return level.intValue() >= Level.SEVERE.intValue()
                    ? "ERROR"
                    : level.intValue() >= Level.WARNING.intValue()
                            ? "WARN"
                            : level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
        }

        static String oneLine(String text) {
            StringBuilder line = new StringBuilder(text.length());
            text.codePoints().forEach(point -> {
                if (Character.isISOControl(point) || point == 0x2028 || point == 0x2029) {
                    line.append(String.format("\\u%04x", point));
                } else {
                    line.appendCodePoint(point);
                }
            });
            return line.toString();
        }

        private static String trace(Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            return trace.toString()
                    .lines()
                    .map(line -> "    " + oneLine(line.replace('\t', ' ')) + System.lineSeparator())
                    .reduce("", String::concat);
        }
    }
}
