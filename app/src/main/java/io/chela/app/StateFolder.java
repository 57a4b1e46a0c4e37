package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.app.cli.Printable;
import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The folder where everything is that must survive, held by one gateway at a time.
final class StateFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    /// Its name in the home folder.
    private static final String NAME = ".chela";

    /// What tells a gateway's folder: what one leaves there, or people put there for it.
    private static final Set<String> OWN_NAMES =
            Set.of(FolderHolder.LOCK, "chela.yaml", "openclaw.json", ".env", "token", "models", "logs");

    /// Enough for a new database with its log, and a token.
    private static final long LEAST_FREE_BYTES = 1024 * 1024;

    /// Belongs to the user of this process, on Linux.
    private static final Path OURSELVES = Path.of("/proc/self");

    private static final String UID = "unix:uid";
    private static final int LOCK_TRIES = 5;
    private static final Duration LOCK_PAUSE = Duration.ofMillis(20);

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private StateFolder(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Where it is: the option, `CHELA_STATE_DIR`, `~/.chela`, in this order.
    ///
    /// @throws UsageException when none is named and there is no home folder
    static Path locate(Optional<Path> option, Map<String, String> environment) {
        return option.or(() -> Optional.ofNullable(environment.get("CHELA_STATE_DIR"))
                        .filter(value -> !value.isBlank())
                        .map(Path::of))
                .orElseGet(() -> inHome(environment))
                .toAbsolutePath()
                .normalize();
    }

    /// @throws UsageException when there is no home: the JVM calls it `?` then
    private static Path inHome(Map<String, String> environment) {
        Path home = home(environment);
        if (!home.isAbsolute()) {
            throw UsageException.failed(
                    "chela: HOME names no folder, and this user has none of its own; say where state"
                            + " is kept with --state-dir or CHELA_STATE_DIR");
        }
        return home.resolve(NAME);
    }

    /// Tells whether it is the one that every command looks into by itself.
    static boolean isUsual(Path folder, Map<String, String> environment) {
        return folder.equals(home(environment).resolve(NAME));
    }

    /// The home folder as shells see it: the JVM's own `user.home` ignores `HOME`.
    static Path home(Map<String, String> environment) {
        return Path.of(Optional.ofNullable(environment.get("HOME"))
                .filter(value -> !value.isBlank())
                .orElseGet(() -> System.getProperty("user.home")));
    }

    /// A path as a person would type it: `~` for the home folder, quotes where needed.
    static String typed(Path path, Map<String, String> environment) {
        Path home = home(environment);
        String text = path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
        return text.matches("[A-Za-z0-9_./~@+-]+")
                ? text
                : "'" + path.toString().replace("'", "'\\''") + "'";
    }

    /// Where models are: `CHELA_MODELS_DIR`, else `models` in the state folder.
    static Path models(Path stateFolder, Map<String, String> environment) {
        return Optional.ofNullable(environment.get("CHELA_MODELS_DIR"))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElseGet(() -> stateFolder.resolve("models"))
                .toAbsolutePath()
                .normalize();
    }

    /// Makes the folder if needed and takes it.
    ///
    /// @throws UsageException when it cannot be written, or another gateway has it
    static StateFolder take(Path path) {
        try {
            checkRoom(path);
            Files.createDirectories(path);
            refuseForeign(path);
            refuseShared(path);
            restrict(path, OWNER_ONLY);
            FileChannel lockFile = FileChannel.open(
                    RegularFile.requireOwn(path.resolve(FolderHolder.LOCK)),
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            try {
                FileLock lock = lock(lockFile).orElseThrow(() -> inUse(path));
                var state = new StateFolder(path, lockFile, lock);
                write(lockFile, pid() + "\n");
                return state;
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(path, FileFailure.of(path, e));
        }
    }

    private static UsageException unusable(Path path, FileFailure failure) {
        return UsageException.failed("chela: the state folder " + path + " cannot be used: " + failure.why() + "; "
                + failure.remedy() + ", or name another one with --state-dir or CHELA_STATE_DIR");
    }

    /// Before anything is made: a start that ends for want of room would leave half a folder.
    private static void checkRoom(Path path) throws IOException {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        FileStore disk = Files.getFileStore(there);
        // Where the system does not know, it says 0 of both.
        if (disk.getTotalSpace() > 0 && disk.getUnallocatedSpace() < LEAST_FREE_BYTES && !disk.isReadOnly()) {
            throw unusable(
                    path,
                    new FileFailure(
                            "its disk is full, " + disk.getUnallocatedSpace() / 1024 + " KiB are free and "
                                    + LEAST_FREE_BYTES / 1024 + " are needed",
                            "make room"));
        }
    }

    private static UsageException inUse(Path path) {
        String holder = FolderHolder.of(path)
                .flatMap(FolderHolder::process)
                .map(process -> ", process " + process.pid())
                .orElse("");
        return UsageException.failed("chela: the state folder " + path + " is in use by another gateway" + holder
                + "; stop that one (chela gateway stop), or give this one a folder of its own with --state-dir");
    }

    /// A folder of another user than root and ourselves: who owns it can put another token in its place.
    private static void refuseForeign(Path path) throws IOException {
        if (Files.exists(OURSELVES)) {
            Object owner = Files.getAttribute(path, UID);
            if (!owner.equals(0) && !owner.equals(Files.getAttribute(OURSELVES, UID))) {
                throw unusable(
                        path,
                        new FileFailure(
                                "it belongs to the user "
                                        + Printable.word(Files.getOwner(path).getName()) + ", who could change it",
                                "start as that user, or make it this user's (chown)"));
            }
        }
    }

    /// A folder that is there for something else: `/tmp` would be closed to all others, `/` to everybody.
    private static void refuseShared(Path path) throws IOException {
        boolean holdsSomething;
        try (Stream<Path> entries = Files.list(path)) {
            holdsSomething = entries.anyMatch(entry -> !entry.endsWith("lost+found")); // which a disk of its own has
        }
        if (holdsSomething && OWN_NAMES.stream().map(path::resolve).noneMatch(Files::exists)) {
            throw unusable(
                    path,
                    new FileFailure(
                            "it holds other things, and nothing of a gateway's", "give it a folder of its own"));
        }
    }

    /// Takes rights away from others; what is restricted already need not be ours.
    static void restrict(Path path, Set<PosixFilePermission> most) throws IOException {
        if (!most.containsAll(Files.getPosixFilePermissions(path))) {
            Files.setPosixFilePermissions(path, most);
        }
    }

    /// Tries more than once: who asks whether the lock is taken takes it for a moment.
    private static Optional<FileLock> lock(FileChannel lockFile) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<FileLock> lock = tryLock(lockFile);
            if (lock.isPresent() || attempt == LOCK_TRIES) {
                return lock;
            }
            LockSupport.parkNanos(LOCK_PAUSE.toNanos());
        }
    }

    private static Optional<FileLock> tryLock(FileChannel lockFile) throws IOException {
        try {
            return Optional.ofNullable(lockFile.tryLock());
        } catch (OverlappingFileLockException _) {
            return Optional.empty(); // a gateway in this very process
        }
    }

    /// Puts a text in the place of a file's. Its end goes last: on a full disk what there was stays.
    static void write(SeekableByteChannel file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        file.position(0);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.truncate(file.position());
    }

    Path path() {
        return path;
    }

    /// Writes where this gateway listens, for client commands on this machine.
    ///
    /// @param certificate the SHA-256 of its certificate, when it speaks TLS
    void announce(String url, Optional<String> certificate) {
        try {
            write(
                    lockFile,
                    pid() + "\n" + url + "\n"
                            + certificate.map(pin -> pin + "\n").orElse(""));
        } catch (IOException e) {
            throw unusable(path, FileFailure.of(path, e));
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    Path tokenFile() {
        return path.resolve("token");
    }

    /// The gateway's own token, generated at its first use.
    ///
    /// @throws UsageException when the file cannot be read or written
    TokenFile.Token token() {
        return new TokenFile(tokenFile()).read();
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
