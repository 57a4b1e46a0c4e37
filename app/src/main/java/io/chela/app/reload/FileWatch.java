package io.chela.app.reload;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Runs an action when files have changed, soon after the operating system says so, and every two seconds for
/// what it does not say: one swapped symlink, a rename, a network file system.
///
/// The action runs when the files have been left alone for a moment, on one thread, never twice at a time;
/// what changes while it runs makes it run again. Safe for many threads.
public final class FileWatch implements AutoCloseable {
    /// How often files are looked at.
    static final Duration POLL = Duration.ofSeconds(2);

    /// How long files must be left alone before they are taken for whole.
    static final Duration SETTLE = Duration.ofMillis(200);

    /// The same for a file that is written in place and has become shorter.
    static final Duration SETTLE_HALF = Duration.ofSeconds(2);

    /// How long it is waited for them to be left alone; a file that never is gets read all the same.
    static final Duration MOST_SETTLING = Duration.ofSeconds(5);

    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

    private final Supplier<Set<Path>> files;
    private final Path polled;
    private final Runnable changed;
    private final Duration poll;
    private final FolderEvents events = new FolderEvents(this::wake);
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean awake;
    private boolean asked;
    private boolean closed;

    /// Starts to watch.
    ///
    /// @param files those to watch, there or not, absolute; asked again after each run of the action
    /// @param polled a folder where much happens: events are not asked of it
    /// @param changed the action; it runs a first time when files were looked at first, since they may have
    ///     changed before there was a watch
    public FileWatch(Supplier<Set<Path>> files, Path polled, Runnable changed) {
        this(files, polled, changed, POLL);
    }

    FileWatch(Supplier<Set<Path>> files, Path polled, Runnable changed, Duration poll) {
        this.poll = poll;
        this.files = files;
        this.polled = polled;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("file-watch").start(this::run);
    }

    /// Has the action run now, whatever has changed or not. Returns at once.
    public void ask() {
        lock.lock();
        try {
            asked = true;
            awake = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            awake = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Map<Path, Fingerprint> known = Map.of();
        try {
            while (isOpen()) {
                events.watch(folders());
                boolean now = await();
                if (!isOpen()) {
                    return;
                }
                Map<Path, Fingerprint> seen = look();
                if (now || !seen.equals(known)) {
                    known = now ? seen : settled(seen, known);
                    act();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for somebody who asks, an event, or the time; true when somebody asked.
    private boolean await() throws InterruptedException {
        lock.lock();
        try {
            long nanos = poll.toNanos();
            while (!awake && !closed && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
            boolean now = asked;
            awake = false;
            asked = false;
            return now;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for somebody who asks; false when nobody did in this time.
    private boolean askedWithin(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (!asked && !closed && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
            boolean now = asked;
            asked = false;
            return now;
        } finally {
            lock.unlock();
        }
    }

    private Map<Path, Fingerprint> look() {
        Map<Path, Fingerprint> seen = new HashMap<>();
        files.get().forEach(file -> seen.put(file, Fingerprint.of(file)));
        return seen;
    }

    /// Waits until nothing changes for a while, or somebody asks.
    private Map<Path, Fingerprint> settled(Map<Path, Fingerprint> first, Map<Path, Fingerprint> known)
            throws InterruptedException {
        long until = System.nanoTime() + MOST_SETTLING.toNanos();
        Map<Path, Fingerprint> before = first;
        long quietSince = System.nanoTime();
        while (System.nanoTime() < until && isOpen()) {
            boolean now = askedWithin(SETTLE);
            Map<Path, Fingerprint> seen = look();
            if (now) {
                return seen;
            }
            if (!seen.equals(before)) {
                before = seen;
                quietSince = System.nanoTime();
            } else if (!mayBeHalf(seen, known) || System.nanoTime() - quietSince >= SETTLE_HALF.toNanos()) {
                return seen;
            }
        }
        return before;
    }

    private static boolean mayBeHalf(Map<Path, Fingerprint> seen, Map<Path, Fingerprint> known) {
        return seen.entrySet().stream().anyMatch(file -> {
            Fingerprint before = known.get(file.getKey());
            return before != null && file.getValue().mayBeHalf(before);
        });
    }

    private void act() {
        try {
            changed.run();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) { // an extension that is broken must not end the watch
            LOG.log(Level.ERROR, "the files that changed could not be read again", e);
        }
    }

    /// The folder of each file; what a link leads to elsewhere is looked at now and then.
    private Set<Path> folders() {
        Set<Path> folders = new HashSet<>();
        for (Path file : files.get()) {
            Path folder = file.getParent();
            if (folder != null && !folder.equals(polled)) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the watch; a run that is under way is waited for.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
        events.close();
        try {
            thread.join(CLOSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
