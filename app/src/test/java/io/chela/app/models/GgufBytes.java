package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// Small GGUF files: whole, with one tensor, and no model in it.
final class GgufBytes {
    private static final int TEXT = 8;
    private static final int NUMBER = 4;
    private static final int ARRAY = 9;
    private static final int HALF_FLOAT = 1;
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private GgufBytes() {}

    /// A file of this architecture whose one tensor has so many half floats.
    static byte[] of(String architecture, int elements) {
        return of(architecture, elements, 0);
    }

    static byte[] of(String architecture, int elements, int part) {
        var gguf = new GgufBytes();
        gguf.bytes.writeBytes("GGUF".getBytes(UTF_8));
        gguf.number(4, 3).number(8, 1).number(8, 3);
        gguf.text("general.architecture").number(4, TEXT).text(architecture);
        gguf.text("tokenizer.ggml.tokens")
                .number(4, ARRAY)
                .number(4, TEXT)
                .number(8, 2)
                .text("a")
                .text("b");
        gguf.text("split.no").number(4, NUMBER).number(4, part);
        gguf.text("output.weight")
                .number(4, 1)
                .number(8, elements)
                .number(4, HALF_FLOAT)
                .number(8, 0);
        int head = gguf.bytes.size();
        gguf.bytes.writeBytes(new byte[(ALIGNMENT - head % ALIGNMENT) % ALIGNMENT]);
        gguf.bytes.writeBytes(new byte[2 * elements]);
        return gguf.bytes.toByteArray();
    }

    static byte[] model() {
        return of("llama", 4096);
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        return Hash.sha256();
    }

    private GgufBytes text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        number(8, utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    private GgufBytes number(int size, long value) {
        byte[] eight = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        bytes.writeBytes(Arrays.copyOf(eight, size));
        return this;
    }
}
