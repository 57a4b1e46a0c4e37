package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The gateway that has a state folder.
///
/// @param process the very process that holds the folder's lock; empty when it cannot be seen from here, being another
///     user's or in another container
/// @param address where it listens; empty while it starts
record FolderHolder(Optional<ProcessHandle> process, Optional<Address> address) {
    /// The file that a gateway keeps locked. It holds the gateway's process id, and once it listens its URL and the
    /// SHA-256 of its certificate, a line each; a gateway that has ended leaves it behind.
    static final String LOCK = "chela.lock";

    /// What is read of it: it may hold anything.
    private static final int MOST_BYTES = 4096;

    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Path PROC = Path.of("/proc");

    /// @param url with the scheme `ws` or `wss`
    /// @param certificate the SHA-256 of the gateway's certificate, when it speaks TLS
    record Address(String url, Optional<String> certificate) {}

    /// Finds the gateway of a folder; empty when none has it.
    ///
    /// @throws UsageException when the folder may not be read
    static Optional<FolderHolder> of(Path folder) {
        Path lock = folder.resolve(LOCK);
        try {
            for (int attempt = 1; ; attempt++) {
                List<String> lines = lines(lock);
                Optional<ProcessHandle> process = process(lines).filter(found -> holds(found, lock));
                if (process.isPresent()) {
                    return Optional.of(new FolderHolder(process, address(lines)));
                } else if (!isLocked(lock)) {
                    return Optional.empty();
                } else if (attempt == TRIES) { // until then its holder may be about to write its id
                    return Optional.of(new FolderHolder(Optional.empty(), address(lines)));
                }
                Thread.sleep(PAUSE);
            }
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            FileFailure failure = FileFailure.of(folder, e);
            throw UsageException.failed("chela: the state folder " + folder + " cannot be read: " + failure.why()
                    + (e instanceof AccessDeniedException ? "; run this as its user" : "; " + failure.remedy()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static List<String> lines(Path lock) throws IOException {
        try (var in = Files.newInputStream(RegularFile.require(lock))) {
            return new String(in.readNBytes(MOST_BYTES), UTF_8).lines().toList();
        }
    }

    private static Optional<ProcessHandle> process(List<String> lines) {
        return lines.stream()
                .findFirst()
                .filter(line -> line.matches("[1-9][0-9]{0,9}"))
                .flatMap(id -> ProcessHandle.of(Long.parseLong(id)));
    }

    private static Optional<Address> address(List<String> lines) {
        return lines.stream()
                .skip(1)
                .findFirst()
                .filter(url -> url.startsWith("ws://") || url.startsWith("wss://"))
                .map(url -> new Address(url, lines.stream().skip(2).findFirst()));
    }

    /// Tells whether a process is the one that has the lock: the id may have gone to another since. On Linux that is
    /// seen by its open files; elsewhere by its being older than what was written.
    static boolean holds(ProcessHandle process, Path lock) {
        Path files = PROC.resolve(process.pid() + "/fd");
        if (!Files.isDirectory(PROC.resolve("self/fd"))) {
            Instant started = process.info().startInstant().orElse(Instant.MAX);
            return lock.toFile().lastModified() >= started.toEpochMilli() && isLocked(lock);
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(files)) {
            for (Path file : open) {
                if (isSame(file, lock)) {
                    return true;
                }
            }
        } catch (IOException _) {
            // another user's, or it has ended
        }
        return false;
    }

    private static boolean isSame(Path file, Path lock) {
        try {
            return Files.isSameFile(file, lock);
        } catch (IOException _) {
            return false; // closed meanwhile, or a socket
        }
    }

    /// Tries the lock for a moment, shared, so that nothing is written; a gateway that starts tries more than once.
    private static boolean isLocked(Path lock) {
        try (var file = FileChannel.open(lock, StandardOpenOption.READ);
                FileLock free = file.tryLock(0, Long.MAX_VALUE, true)) {
            return free == null;
        } catch (OverlappingFileLockException _) {
            return true; // by this very process
        } catch (IOException _) {
            return false;
        }
    }
}
