package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/// Counts in UTF-8 without encoding, and checks it without decoding.
public final class Utf8 {
    private static final int SCRATCH_CHARS = 8 * 1024;

    private Utf8() {}

    /// The length of the text in UTF-8; half of a pair counts two.
    public static long length(String text) {
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

    /// Tells whether the bytes are UTF-8, without keeping their text.
    public static boolean isValid(ByteBuffer bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        CharBuffer scratch = CharBuffer.allocate(Math.min(bytes.remaining(), SCRATCH_CHARS) + 1);
        CoderResult result;
        do {
            result = decoder.decode(bytes, scratch.clear(), true);
        } while (result.isOverflow());
        return !result.isError();
    }

    /// Cuts the text so that it has at most this many bytes, never inside a character.
    public static String cut(String text, int maxBytes) {
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
