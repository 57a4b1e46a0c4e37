package io.chela.app.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What tells one state of a file from another: where it really is, and what it holds. A swapped symlink
/// changes the one, a write within the clock's grain the other.
///
/// @param key the file's inode where there are any
/// @param hash of its bytes; empty for what is not there, is no file, or is too large to be looked at
public record Fingerprint(String realPath, @Nullable Object key, long size, FileTime modified, String hash) {
    /// The largest file whose bytes are looked at.
    static final long MAX_BYTES = 8L * 1024 * 1024;

    private static final Fingerprint NONE = new Fingerprint("", null, 0, FileTime.fromMillis(0), "");

    /// Looks at a file; what cannot be looked at is as if it were not there.
    static Fingerprint of(Path file) {
        try {
            Path real = file.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            boolean isRead = attributes.isRegularFile() && attributes.size() <= MAX_BYTES;
            return new Fingerprint(
                    real.toString(),
                    attributes.fileKey(),
                    attributes.size(),
                    attributes.lastModifiedTime(),
                    isRead ? sha256(Files.readAllBytes(real)) : "");
        } catch (IOException | SecurityException _) {
            return NONE;
        }
    }

    /// What some files hold now, in one word; the same for the same bytes, wherever they are.
    public static String contents(Collection<Path> files) {
        return files.stream().sorted().map(file -> of(file).hash()).collect(Collectors.joining(","));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Tells whether somebody may be writing it in place, and be half-way: it is the same file, and shorter
    /// than it was.
    boolean mayBeHalf(Fingerprint before) {
        return Objects.equals(key, before.key) && realPath.equals(before.realPath) && size < before.size;
    }
}
