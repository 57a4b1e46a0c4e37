package io.chela.app.reload;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Says that something happened in the folders of some files, as the operating system tells it. It may be
/// late, or say nothing at all, on a network file system for one: who needs certainty looks now and then.
final class FolderEvents implements AutoCloseable {
    /// How long a folder in which much happens is left alone between two events.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final System.Logger LOG = System.getLogger(FolderEvents.class.getName());

    private final Runnable happened;
    private final Optional<WatchService> service;
    private final Map<Path, WatchKey> folders = new HashMap<>();

    /// @param happened run on a thread of this; must be quick
    FolderEvents(Runnable happened) {
        this.happened = happened;
        this.service = open();
        service.ifPresent(open -> Thread.ofVirtual().name("folder-events").start(() -> listen(open)));
    }

    private static Optional<WatchService> open() {
        try {
            return Optional.of(FileSystems.getDefault().newWatchService());
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(Level.INFO, "folders cannot be watched ({0}): files are looked at now and then", e.getMessage());
            return Optional.empty();
        }
    }

    /// Watches these folders and no others; one that is not there is left out. For one thread.
    void watch(Set<Path> wanted) {
        service.ifPresent(open -> {
            folders.entrySet().removeIf(known -> {
                boolean gone =
                        !wanted.contains(known.getKey()) || !known.getValue().isValid();
                if (gone) {
                    known.getValue().cancel();
                }
                return gone;
            });
            var missing = new HashSet<>(wanted);
            missing.removeAll(folders.keySet());
            missing.forEach(folder -> register(open, folder));
        });
    }

    private void register(WatchService open, Path folder) {
        try {
            folders.put(
                    folder,
                    folder.register(
                            open,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY));
        } catch (IOException | ClosedWatchServiceException _) {
            // not there now; it is tried again at the next call
        }
    }

    private void listen(WatchService open) {
        try {
            while (true) {
                WatchKey key = open.take();
                key.pollEvents();
                key.reset();
                happened.run();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException _) {
            // the end
        }
    }

    @Override
    public void close() {
        service.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a watch could not be closed", e);
            }
        });
    }
}
