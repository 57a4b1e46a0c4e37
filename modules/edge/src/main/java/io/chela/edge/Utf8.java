package io.chela.edge;

/// Counts in UTF-8 without encoding.
final class Utf8 {
    private Utf8() {}

    /// The length of the text in UTF-8; half of a pair counts two.
    static long length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += length(text.charAt(i));
        }
        return bytes;
    }

    private static int length(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    /// Cuts the text so that it has at most this many bytes, never inside a character.
    static String cut(String text, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int next = i + Character.charCount(text.codePointAt(i));
            bytes += (int) length(text.substring(i, next));
            if (bytes > maxBytes) {
                return text.substring(0, i);
            }
            i = next;
        }
        return text;
    }
}
