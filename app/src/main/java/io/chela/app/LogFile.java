package io.chela.app;

import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The log's file, and the full ones before it: `chela.log`, `chela.log.1`, … It is made for its owner alone; the
/// rights of one that is there stay.
///
/// A file that cannot be written is complained about once, tried again now and then, and stops nothing; so is a link,
/// a folder, a pipe or a device in its place, which is never opened or moved. One that was moved or deleted is made
/// anew. For one thread.
final class LogFile implements LogWriter.Output {
    /// How many files there are at most, with the current one.
    static final int FILES = 5;

    /// How long a file that cannot be written is left alone.
    static final Duration RETRY = Duration.ofSeconds(10);

    private static final Set<OpenOption> APPEND = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final int maxBytes;
    private final PrintStream complaints;
    private final LongSupplier nanos;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long size;
    private boolean complained;
    private long triedAt;

    /// @param complaints where a file that cannot be written is told
    /// @param nanos a clock such as [System#nanoTime]
    LogFile(Path path, int maxBytes, PrintStream complaints, LongSupplier nanos) {
        this.path = path.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.complaints = complaints;
        this.nanos = nanos;
    }

    @Override
    public boolean write(byte[] lines, int length) {
        if (complained && channel == null && nanos.getAsLong() - triedAt < RETRY.toNanos()) {
            return false;
        }
        try {
            if (channel != null && isGone()) {
                close();
            }
            int from = 0;
            while (from < length) {
                from = writeSome(lines, from, length);
            }
            complained = false;
            return true;
        } catch (IOException e) {
            close();
            triedAt = nanos.getAsLong();
            complain(e);
            return false;
        }
    }

    private boolean isGone() throws IOException {
        try {
            return !Objects.equals(fileKey(), key);
        } catch (NoSuchFileException _) {
            return true;
        }
    }

    private @Nullable Object fileKey() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /// Writes as many whole lines as this file has room for, one at least; gives where the next one begins.
    private int writeSome(byte[] lines, int from, int length) throws IOException {
        FileChannel open = open();
        int end = lastLineEnd(lines, from, (int) Math.min(length, from + Math.max(0, maxBytes - size)));
        if (end == from && size > 0) {
            rotate();
            return from;
        }
        if (end == from) {
            end = firstLineEnd(lines, from, length); // longer than a file: a file of its own
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines, from, end - from);
        while (bytes.hasRemaining()) {
            size += open.write(bytes);
        }
        return end;
    }

    private static int lastLineEnd(byte[] lines, int from, int limit) {
        for (int at = limit; at > from; at--) {
            if (lines[at - 1] == '\n') {
                return at;
            }
        }
        return from;
    }

    private static int firstLineEnd(byte[] lines, int from, int length) {
        for (int at = from; at < length; at++) {
            if (lines[at] == '\n') {
                return at + 1;
            }
        }
        return length;
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path folder = Objects.requireNonNull(path.getParent(), "a file has a folder");
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
            }
            open = FileChannel.open(
                    RegularFile.requireOwn(path), APPEND, PosixFilePermissions.asFileAttribute(OWNER_FILE));
            channel = open;
            key = fileKey();
            size = open.size();
        }
        return open;
    }

    private void rotate() throws IOException {
        close();
        for (int number = FILES - 1; number > 0; number--) {
            Path older = number == 1 ? path : numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            complaints.println("chela: the log file " + LogText.oneLine(path.toString()) + " cannot be written ("
                    + reason(e) + "); the gateway goes on without it and tries again every " + RETRY.toSeconds()
                    + " s");
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException inFile when inFile.getReason() != null -> LogText.oneLine(inFile.getReason());
            case FileSystemException _ -> e.getClass().getSimpleName();
            default -> LogText.oneLine(String.valueOf(e.getMessage()));
        };
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                complain(e);
            }
        }
    }
}
