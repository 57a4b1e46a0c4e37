package io.chela.app;

import io.chela.api.LogLine;

/// Text that stays on its line and cannot steer a terminal.
final class LogText {
    private LogText() {}

    /// `name=value name=value`, each value one word.
    static void values(StringBuilder text, LogLine line, Masking masking) {
        int start = text.length();
        for (LogLine.Value value : line.values()) {
            text.append(text.length() == start ? "" : " ")
                    .append(value.name())
                    .append('=')
                    .append(value.isNumber() ? value.text() : LogLine.word(masking.mask(value.text())));
        }
    }

    /// Writes `\\u000a` for what breaks a line, steers a terminal, turns the direction of text or has no UTF-8.
    static String oneLine(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isRisky(point)) {
                escape(line, point);
            } else {
                line.appendCodePoint(point);
            }
        });
        return line.toString();
    }

    static void escape(StringBuilder line, int point) {
        for (char half : Character.toChars(point)) {
            line.append(String.format("\\u%04x", (int) half));
        }
    }

    private static boolean isRisky(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
