package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/// Undoes the percent-encoding of a path, strictly. Source: RFC 3986, 2.1.
final class Escapes {
    private static final int HEX = 16;

    private Escapes() {}

    /// Empty when a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    static Optional<String> decode(String raw) {
        ByteBuffer from = ByteBuffer.wrap(raw.getBytes(UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(from.remaining());
        while (from.hasRemaining()) {
            byte next = from.get();
            if (next != '%') {
                bytes.put(next);
                continue;
            }
            int high = from.hasRemaining() ? Character.digit(from.get(), HEX) : -1;
            int low = from.hasRemaining() ? Character.digit(from.get(), HEX) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.put((byte) (high * HEX + low));
        }
        return text(bytes.flip());
    }

    private static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
