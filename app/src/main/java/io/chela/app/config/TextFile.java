package io.chela.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads a file of text: UTF-8, with or without the mark that some editors put before it.
final class TextFile {
    /// The largest file that is read, in bytes.
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final char MARK = '\uFEFF';

    private TextFile() {}

    /// @throws BadFileException when it is no such file
    static String read(Path file) {
        return text(bytes(file));
    }

    private static byte[] bytes(Path file) {
        if (Files.isDirectory(file)) {
            throw new BadFileException("is a folder; name a file in it");
        }
        try (InputStream in = Files.newInputStream(RegularFile.require(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new BadFileException("is larger than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException _) {
            throw new BadFileException("cannot be read: there is no such file");
        } catch (AccessDeniedException _) {
            throw new BadFileException("cannot be read: permission denied; let the gateway's user read it");
        } catch (FileSystemException e) {
            throw new BadFileException(
                    RegularFile.NONE.equals(e.getReason())
                            ? "is no regular file, but a pipe or a device; name a file"
                            : "cannot be read: the disk or the network refuses it");
        } catch (IOException _) {
            throw new BadFileException("cannot be read: the disk or the network refuses it");
        }
    }

    private static String text(byte[] bytes) {
        if (isWide(bytes)) {
            throw new BadFileException("is UTF-16 or UTF-32; save it as UTF-8");
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        var decoder = UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        if (decoder.decode(rest, text, true).isError()) {
            throw new BadFileException(
                    "is not UTF-8 from line " + line(bytes, rest.position()) + " on; save it as UTF-8");
        }
        String all = text.flip().toString();
        int nul = all.indexOf('\0');
        if (nul >= 0) {
            throw new BadFileException("is no text: a zero byte stands in line "
                    + (1 + all.substring(0, nul).chars().filter(c -> c == '\n').count()));
        }
        return !all.isEmpty() && all.charAt(0) == MARK ? all.substring(1) : all;
    }

    /// A mark of two bytes, or zeros where small characters have them.
    private static boolean isWide(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int mark = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        boolean oneIsZero = (bytes[0] == 0) ^ (bytes[1] == 0);
        boolean isLong = bytes.length > 3 && mark == 0;
        boolean threeAreZero = isLong && ((bytes[2] == 0) ^ (bytes[3] == 0));
        boolean marked = mark == 0xFEFF || mark == 0xFFFE || (isLong && bytes[2] == (byte) 0xFE);
        return marked || oneIsZero || threeAreZero;
    }

    private static int line(byte[] bytes, int end) {
        int line = 1;
        for (int i = 0; i < end; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
