package io.chela.app.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The disk that model files are on: how full it is, why it refuses, and what makes a file last.
final class Disk {
    /// What a download leaves free for everybody else, in bytes.
    static final long RESERVE = 64L * 1024 * 1024;

    private Disk() {}

    /// Makes sure that there is room.
    ///
    /// @throws PullException when so many bytes more do not fit
    static void needs(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free - RESERVE < bytes) {
            throw PullException.lasting("the disk of " + folder + " has " + Size.of(free) + " free and "
                    + Size.of(Math.min(bytes, Long.MAX_VALUE - RESERVE) + RESERVE)
                    + " are needed: make room there, or choose another folder with "
                    + "CHELA_MODELS_DIR");
        }
    }

    /// Opens a file of our own to write it, and makes it when it is not there: neither a link, which would be written
    /// through, nor a pipe, which would be waited for.
    ///
    /// @throws PullException when it is something else
    static FileChannel own(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw PullException.lasting(file + " is no regular file: remove it");
        }
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /// Gives a written file its name, all of it or nothing, and makes both outlive a power cut.
    static void publish(Path written, Path name) throws IOException {
        try (FileChannel file = FileChannel.open(written, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(written, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(name.toAbsolutePath().getParent())) {
            folder.force(true);
        } catch (IOException _) {
            // not every file system lets a folder be synced; the file itself is safe
        }
    }

    /// A clause for people about a folder that could not be used.
    static String refusal(Path folder, IOException e) {
        return switch (e) {
            case PullException told -> told.why();
            case IOException full
            when isFull(full) ->
                "the disk of " + folder + " is full: make room there, or choose another folder with CHELA_MODELS_DIR";
            default ->
                "it cannot be written to " + folder + " (" + reason(e) + "): make that folder writable, or choose "
                        + "another one with CHELA_MODELS_DIR";
        };
    }

    /// Why the system refused, in a few words.
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "there is a file where the folder should be";
            case NotDirectoryException _ -> "it is no folder";
            case FileSystemException refused
            when refused.getReason() != null -> refused.getReason().toLowerCase(Locale.ROOT);
            default -> e.getClass().getSimpleName();
        };
    }

    private static boolean isFull(IOException e) {
        String said = String.valueOf(e.getMessage());
        return said.contains("No space left on device") || said.contains("Disk quota exceeded");
    }
}
