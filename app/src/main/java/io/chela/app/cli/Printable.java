package io.chela.app.cli;

/// Takes from text what could steer a terminal: a model's words are a stranger's. Of control characters only line
/// feeds and tabs are left, so of an escape sequence its harmless letters.
public final class Printable {
    /// In code points: what others say in the middle of our sentences.
    private static final int LONGEST_WORD = 500;

    private String half = "";

    /// The next piece of a text that comes in pieces; half a surrogate pair is kept until its other half comes.
    public String next(String piece) {
        String text = half + piece;
        boolean cut = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        half = cut ? text.substring(text.length() - 1) : "";
        return text(cut ? text.substring(0, text.length() - 1) : text);
    }

    /// A whole text.
    public static String text(String text) {
        return text.codePoints()
                .filter(point -> point == '\n' || point == '\t' || !steers(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// JSON whose texts cannot steer a terminal either; it means the same.
    public static String json(String json) {
        return json.codePoints()
                .collect(
                        StringBuilder::new,
                        (all, point) -> {
                            if (point >= ' ' && steers(point)) {
                                all.append(String.format("\\u%04x", point));
                            } else {
                                all.appendCodePoint(point);
                            }
                        },
                        StringBuilder::append)
                .toString();
    }

    /// Control characters, and those that turn the direction of what is written around.
    private static boolean steers(int point) {
        return Character.isISOControl(point)
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }

    /// A text that stays within its line.
    public static String line(String text) {
        return text(text).replace('\n', ' ').replace('\t', ' ');
    }

    /// A text for the middle of a sentence: one line, and without its end when it is very long.
    public static String word(String text) {
        String line = line(text);
        return line.codePointCount(0, line.length()) <= LONGEST_WORD
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_WORD)) + "…";
    }
}
