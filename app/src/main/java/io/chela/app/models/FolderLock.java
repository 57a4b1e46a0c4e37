package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Lets one process at a time fetch a file into a folder; it ends with the process that holds it.
///
/// All names share one lock file, which stays: each locks the byte that its checksum points to.
final class FolderLock implements AutoCloseable {
    static final String FILE = ".chela-pull.lock";

    /// How long the other may take.
    static final Duration LIMIT = Duration.ofHours(24);

    private static final Duration POLL = Duration.ofMillis(200);

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Waits for it.
    ///
    /// @param waiting run once, before the first wait
    /// @throws PullException when the thread is interrupted, which stays so, or the other takes too long
    static FolderLock take(Path folder, String name, Runnable waiting) throws IOException {
        FileChannel channel = Disk.own(folder.resolve(FILE));
        try {
            var checksum = new CRC32();
            checksum.update(name.getBytes(UTF_8));
            await(channel, checksum.getValue(), waiting);
            return new FolderLock(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void await(FileChannel channel, long place, Runnable waiting) throws IOException {
        long until = System.nanoTime() + LIMIT.toNanos();
        if (tryLock(channel, place) != null) {
            return;
        }
        waiting.run();
        while (tryLock(channel, place) == null) {
            if (System.nanoTime() > until) {
                throw PullException.lasting("another process has been fetching it for " + LIMIT.toHours()
                        + " hours: stop that one, and try again");
            }
            pause();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, long place) throws IOException {
        try {
            return channel.tryLock(place, 1, false);
        } catch (OverlappingFileLockException _) {
            return null; // this very process fetches it
        }
    }

    private static void pause() throws PullException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw PullException.lasting("waiting for another download of it was stopped: start again to repeat it");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
