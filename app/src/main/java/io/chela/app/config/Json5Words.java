package io.chela.app.config;

import java.util.regex.Pattern;

/// Says what the JSON5 parser stumbled over, by looking at the text there; never more of it than one word's
/// kind.
final class Json5Words {
    private static final Pattern HEXADECIMAL = Pattern.compile("[+-]?0[xX]\\w*");
    private static final Pattern NO_NUMBER = Pattern.compile("[+-]?(NaN|Infinity)");
    private static final Pattern LEADING_ZERO = Pattern.compile("[+-]?0\\d+");

    private Json5Words() {}

    static String at(String text, int offset) {
        String word = word(text, offset);
        if (HEXADECIMAL.matcher(word).matches()) {
            return "hexadecimal numbers are not read; write it in decimal";
        }
        if (NO_NUMBER.matcher(word).matches()) {
            return "NaN and Infinity are no numbers here";
        }
        if (LEADING_ZERO.matcher(word).matches()) {
            return "a number must not begin with 0";
        }
        if (offset >= text.length() || text.substring(offset).isBlank()) {
            return "the file ends too early; a }, a ], a quote or the end of a comment is missing";
        }
        if (isNear(text, offset, '\\')) {
            return "of the escapes only \\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits are read,"
                    + " and a text ends in its line";
        }
        if (isNear(text, offset, '\n')) {
            return "a text must end in the line where it begins; write \\n for a line break."
                    + " Or a comma is missing at the end of the line before";
        }
        return "is no JSON5 from here on; a quote, a comma or a colon may be missing";
    }

    /// The word that the parser was in or before.
    private static String word(String text, int offset) {
        int start = offset;
        while (start > 0 && isOfWord(text.charAt(start - 1))) {
            start--;
        }
        int end = offset;
        while (end < text.length() && isOfWord(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '_';
    }

    /// Parsers point at the character itself, or at the one after it.
    private static boolean isNear(String text, int offset, char wanted) {
        return text.substring(Math.max(0, offset - 2), Math.min(text.length(), offset + 1))
                        .indexOf(wanted)
                >= 0;
    }
}
