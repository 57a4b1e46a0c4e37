package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A line for the log that is made of named values, in order: `method=GET status=200`.
///
/// The program's log also writes it as JSON; any other log prints it as text. Every value is one word of
/// printable ASCII there, so nothing a caller sends can forge a line or a field. For one thread.
public final class LogLine {
    /// The longest value that is printed, in characters.
    public static final int MAX_VALUE = 512;

    private static final String ONE_PARAMETER = "{0}";

    /// One named value.
    ///
    /// @param isNumber whether the text is a whole number, which JSON writes without quotes
    public record Value(String name, String text, boolean isNumber) {}

    private final List<Value> values = new ArrayList<>();
    private Optional<String> flood = Optional.empty();

    public LogLine text(String name, String value) {
        values.add(new Value(name, value, false));
        return this;
    }

    public LogLine number(String name, long value) {
        values.add(new Value(name, Long.toString(value), true));
        return this;
    }

    /// Says that such lines may come in floods: of each kind the log writes one, counts the others, and says
    /// once a second how many they were.
    ///
    /// @param kind a fixed word or two, never what a caller sent: `unauthenticated`
    public LogLine floods(String kind) {
        flood = Optional.of(kind);
        return this;
    }

    public List<Value> values() {
        return List.copyOf(values);
    }

    /// What kind of flood it may be part of.
    public Optional<String> flood() {
        return flood;
    }

    /// Hands the line to a log; it is formatted before this returns.
    public void log(System.Logger log, System.Logger.Level level) {
        log.log(level, ONE_PARAMETER, this);
    }

    @Override
    public String toString() {
        var line = new StringBuilder();
        values.forEach(value -> line.append(line.isEmpty() ? "" : " ")
                .append(value.name())
                .append('=')
                .append(word(value.text())));
        return line.toString();
    }

    /// Percent-encodes what is not printable ASCII, and quotes; cuts what is long; `-` when there is nothing.
    public static String word(String value) {
        String cut = cut(value);
        if (!cut.isEmpty() && cut.chars().allMatch(LogLine::isPlain)) {
            return cut;
        }
        var word = new StringBuilder();
        for (byte b : cut.getBytes(UTF_8)) {
            if (isPlain(b)) {
                word.append((char) b);
            } else {
                word.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return word.isEmpty() ? "-" : word.toString();
    }

    /// The part of a value that is printed.
    public static String cut(String value) {
        return value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value;
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7f && c != '"';
    }
}
