package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder where everything is that must survive, held by one gateway at a time.
final class StateFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final int TOKEN_BYTES = 32;

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private StateFolder(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Where it is: the option, `CHELA_STATE_DIR`, `~/.chela`, in this order.
    static Path locate(Optional<Path> option, Map<String, String> environment) {
        return option.or(() -> Optional.ofNullable(environment.get("CHELA_STATE_DIR"))
                        .filter(value -> !value.isBlank())
                        .map(Path::of))
                .orElseGet(() -> home(environment).resolve(".chela"))
                .toAbsolutePath()
                .normalize();
    }

    /// The home folder as shells see it: the JVM's own `user.home` ignores `HOME`.
    static Path home(Map<String, String> environment) {
        return Path.of(Optional.ofNullable(environment.get("HOME"))
                .filter(value -> !value.isBlank())
                .orElseGet(() -> System.getProperty("user.home")));
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
            Files.createDirectories(path);
            restrict(path, OWNER_ONLY);
            FileChannel lockFile = FileChannel.open(
                    path.resolve("chela.lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            FileLock lock = tryLock(lockFile);
            if (lock == null) {
                String holder = Files.readString(path.resolve("chela.lock"))
                        .lines()
                        .findFirst()
                        .orElse("");
                lockFile.close();
                throw UsageException.failed("chela: the state folder " + path + " is in use by another gateway"
                        + (holder.isEmpty() ? "" : ", process " + holder)
                        + "; stop that one, or give this one a folder of its own with --state-dir");
            }
            lockFile.truncate(0);
            lockFile.write(ByteBuffer.wrap(Long.toString(pid()).getBytes(UTF_8)), 0);
            return new StateFolder(path, lockFile, lock);
        } catch (IOException e) {
            throw UsageException.failed("chela: the state folder " + path + " cannot be used (" + reason(e)
                    + "); make it writable, or name another one with --state-dir or CHELA_STATE_DIR");
        }
    }

    /// Takes rights away from others; what is restricted already need not be ours.
    private static void restrict(Path path, Set<PosixFilePermission> most) throws IOException {
        if (!most.containsAll(Files.getPosixFilePermissions(path))) {
            Files.setPosixFilePermissions(path, most);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // a gateway in this very process
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case FileSystemException refused
            when "Operation not permitted".equals(refused.getReason()) ->
                "others may write to it and it has another owner";
            default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    }

    Path path() {
        return path;
    }

    /// Writes where this gateway listens, for client commands on this machine.
    void announce(String url) {
        try {
            lockFile.truncate(0);
            lockFile.write(ByteBuffer.wrap((pid() + "\n" + url + "\n").getBytes(UTF_8)), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Where the gateway of a state folder listens; empty when none has started there, or it has ended.
    static Optional<String> announced(Path path) {
        try {
            var lines = Files.readAllLines(path.resolve("chela.lock"));
            boolean alive = lines.size() == 2
                    && ProcessHandle.of(Long.parseLong(lines.getFirst())).isPresent();
            return alive ? Optional.of(lines.get(1)) : Optional.empty();
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    Path tokenFile() {
        return path.resolve("token");
    }

    /// A token that was generated, or read from the file where an earlier start left it.
    record Token(Secret secret, boolean isNew) {}

    /// The gateway's own token, generated at its first use.
    ///
    /// @throws UsageException when the file cannot be read or written
    Token token() {
        Path file = tokenFile();
        try {
            if (Files.exists(file)) {
                restrict(file, OWNER_FILE);
                return new Token(new Secret(Files.readString(file).strip()), false);
            }
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            // Whole or not at all: an empty file would end every later start.
            Path part = Files.createTempFile(path, "token", ".part", PosixFilePermissions.asFileAttribute(OWNER_FILE));
            Files.writeString(part, token + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return new Token(new Secret(token), true);
        } catch (IOException | IllegalArgumentException e) {
            throw UsageException.failed("chela: the token file " + file + " cannot be used (" + e.getMessage()
                    + "); remove it to have a new token made");
        }
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
