package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.LogLine;
import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogFormatTest {
    private static final String FORGED = "a\nERROR forged\r\u2028\u0085\u0000\u001b[31m\u202e\ud800é";

    private static LogRecord record(String message) {
        var record = new LogRecord(Level.INFO, message);
        record.setLoggerName("x");
        record.setInstant(Instant.parse("2026-01-31T12:00:00Z"));
        return record;
    }

    private static LogRecord record(LogLine line) {
        LogRecord record = LogRecords.of(Level.INFO, "x", line);
        record.setInstant(Instant.parse("2026-01-31T12:00:00Z"));
        return record;
    }

    private static String print(LogFormat format, LogRecord record) {
        return format.format(record, Masking.nothing());
    }

    @Test
    void keepsATextOnOneLineAndItsEscapesVisible() {
        assertThat(print(LogFormat.TEXT, record(FORGED)))
                .isEqualTo("2026-01-31T12:00:00.000Z INFO x a\\u000aERROR forged\\u000d\\u2028\\u0085\\u0000"
                        + "\\u001b[31m\\u202e\\ud800é\n");
    }

    @Test
    void writesOneJsonObjectALineThatReadsBackAsItWas() {
        String line = print(LogFormat.JSON, record(FORGED));
        assertThat(line).endsWith("}\n").matches("[\\x20-\\x7e]+\n");
        var json = Json.readObject(line.replace("\\ud800", "?"));
        assertThat(json.path("message").stringValue()).isEqualTo(FORGED.replace("\ud800", "?"));
        assertThat(json.path("time").stringValue()).isEqualTo("2026-01-31T12:00:00.000Z");
        assertThat(json.path("level").stringValue()).isEqualTo("INFO");
    }

    @Test
    void writesNamedValuesAsMembersAndNumbersAsNumbers() {
        var line = new LogLine().text("agent", "a\" b\nstatus=200").number("status", 404);
        assertThat(print(LogFormat.TEXT, record(line))).endsWith("x agent=a%22%20b%0Astatus=200 status=404\n");
        assertThat(print(LogFormat.JSON, record(line)))
                .endsWith(",\"agent\":\"a\\\" b\\nstatus=200\",\"status\":404}\n");
    }

    @Test
    void cutsALongValue() {
        var line = new LogLine().text("path", "/" + "x".repeat(100_000));
        for (LogFormat format : LogFormat.values()) {
            assertThat(print(format, record(line))).hasSizeLessThan(LogLine.MAX_VALUE + 200);
        }
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void writesAFailuresTraceWithoutTheWordsOfWhoeverCausedIt(LogFormat format) {
        LogRecord record = record("internal error 1");
        record.setThrown(new IllegalStateException(
                "the lane is broken", new NumberFormatException("For input string: \"my pin is 4711\"")));
        assertThat(print(format, record))
                .contains("IllegalStateException: the lane is broken", "NumberFormatException", "LogFormatTest")
                .doesNotContain("4711");
    }

    @Test
    void cannotBeForgedByAFailuresMessage() {
        LogRecord record = record("internal error 1");
        record.setThrown(new IOException("gone\n2026-01-31T12:00:00.000Z INFO x forged"));
        String text = print(LogFormat.TEXT, record);
        assertThat(text.lines().skip(1)).allMatch(line -> line.startsWith("    "));
        assertThat(print(LogFormat.JSON, record).lines()).hasSize(1);
    }
}
