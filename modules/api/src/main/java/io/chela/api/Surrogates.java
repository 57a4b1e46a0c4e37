package io.chela.api;

/// Finds what JSON can spell and UTF-8 cannot: a high surrogate without its low one, or the other way round.
final class Surrogates {
    private static final int ESCAPE_LENGTH = 6; // of backslash, u and four digits
    private static final int HEX = 16;

    private Surrogates() {}

    /// Where in the text, which is valid JSON of valid UTF-8, the first half is escaped; -1 when there is none.
    static int half(String json) {
        for (int at = json.indexOf('\\'); at >= 0; ) {
            if (json.charAt(at + 1) != 'u') {
                at = json.indexOf('\\', at + 2);
                continue;
            }
            char unit = unit(json, at);
            boolean pair = Character.isHighSurrogate(unit) && isLow(json, at + ESCAPE_LENGTH);
            if (Character.isSurrogate(unit) && !pair) {
                return at;
            }
            at = json.indexOf('\\', at + (pair ? 2 * ESCAPE_LENGTH : ESCAPE_LENGTH));
        }
        return -1;
    }

    private static boolean isLow(String json, int at) {
        return json.startsWith("\\u", at) && Character.isLowSurrogate(unit(json, at));
    }

    private static char unit(String json, int at) {
        return (char) Integer.parseInt(json, at + 2, at + ESCAPE_LENGTH, HEX);
    }
}
