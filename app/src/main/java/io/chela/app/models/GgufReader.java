package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads the values that the head of a GGUF file is made of; all numbers are little-endian.
final class GgufReader {
    /// How far the head may reach; the largest vocabularies take a tenth of it.
    static final long MAX_HEAD = 256L * 1024 * 1024;

    private static final int MAX_TEXT_KEPT = 256;
    private static final int MAX_DEPTH = 4;

    private static final int TEXT = 8;
    private static final int ARRAY = 9;

    /// The bytes of each type of value; texts and arrays have their own lengths.
    private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final InputStream in;
    private final long size;
    private long position;

    GgufReader(InputStream in, long size) {
        this.in = in;
        this.size = size;
    }

    /// A head that breaks the rules; its message is a clause for people.
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String why) {
            super(why);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    static Damaged damaged() {
        return new Damaged("is damaged: fetch it again");
    }

    long position() {
        return position;
    }

    void requireMagic() throws IOException {
        byte[] magic = in.readNBytes(GgufFile.MAGIC.length());
        position += magic.length;
        if (!new String(magic, UTF_8).equals(GgufFile.MAGIC)) {
            throw new Damaged(magic.length == 0 ? "is empty" : "is no GGUF file");
        }
    }

    /// A whole number of so many bytes; eight may give a negative one.
    long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            number |= (long) next << (8 * i);
        }
        position += bytes;
        return number;
    }

    /// How many of something follow.
    long count(long most) throws IOException {
        long count = number(8);
        if (count < 0 || count > most) {
            throw damaged();
        }
        return count;
    }

    /// A text; of a long one only the beginning.
    String text() throws IOException {
        long length = number(8);
        requireRoom(length);
        byte[] kept = in.readNBytes((int) Math.min(length, MAX_TEXT_KEPT));
        position += kept.length;
        skip(length - kept.length);
        return new String(kept, UTF_8);
    }

    /// A value: a text, a number as `Long`, or `""` for what nobody asks for.
    Object value(int type) throws IOException {
        return value(type, 0);
    }

    private Object value(int type, int depth) throws IOException {
        if (type < 0 || type >= VALUE_BYTES.length || depth > MAX_DEPTH) {
            throw damaged();
        }
        return switch (type) {
            case TEXT -> text();
            case ARRAY -> {
                array(depth);
                yield "";
            }
            default -> number(VALUE_BYTES[type]);
        };
    }

    private void array(int depth) throws IOException {
        int type = (int) number(4);
        long count = count(size);
        if (type >= 0 && type < VALUE_BYTES.length && VALUE_BYTES[type] > 0) {
            requireRoom(count); // so that the product stays small enough
            skip(count * VALUE_BYTES[type]);
            return;
        }
        for (long i = 0; i < count; i++) {
            if (type == TEXT) {
                long length = number(8);
                skip(length);
            } else {
                value(type, depth + 1);
            }
        }
    }

    private void skip(long bytes) throws IOException {
        requireRoom(bytes);
        in.skipNBytes(bytes);
        position += bytes;
    }

    private void requireRoom(long bytes) throws IOException {
        if (bytes < 0 || position > MAX_HEAD) {
            throw damaged();
        }
        if (bytes > size - position) {
            throw new EOFException();
        }
    }

    /// How many bytes a block of a tensor of this type takes; for types that are not known here the least there is.
    static long bytesOfBlock(int type) {
        return switch (type) {
            case 0 -> 4; // F32
            case 1, 30 -> 2; // F16, BF16
            case 2 -> 18; // Q4_0
            case 3 -> 20; // Q4_1
            case 6 -> 22; // Q5_0
            case 7 -> 24; // Q5_1
            case 8 -> 34; // Q8_0
            case 10 -> 84; // Q2_K
            case 11 -> 110; // Q3_K
            case 12 -> 144; // Q4_K
            case 13 -> 176; // Q5_K
            case 14 -> 210; // Q6_K
            default -> 1;
        };
    }

    /// How many elements such a block holds.
    static long elementsOfBlock(int type) {
        return switch (type) {
            case 0, 1, 30 -> 1;
            case 2, 3, 6, 7, 8 -> 32;
            case 10, 11, 12, 13, 14 -> 256;
            default -> 256; // of the others none is known here: too small a size never calls a good file cut off
        };
    }
}
