package io.chela.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who listens on a TCP port of this machine, as far as Linux shows it: processes of other users are seen by root
/// alone.
public final class PortHolder {
    private static final Path PROC = Path.of("/proc");

    /// How many open files are looked at: a machine has more only when it has other troubles.
    private static final int MOST_FILES = 200_000;

    /// How much of a command line is looked at, in characters.
    private static final int MOST_COMMAND = 4096;

    private static final String LISTENS = "0A";

    private final int port;
    private int files;

    private PortHolder(int port) {
        this.port = port;
    }

    /// The words for the middle of a sentence, such as `by process 4242 (nginx)`, or how to find out.
    public static String words(int port) {
        return new PortHolder(port)
                .find()
                .map(process -> "by " + describe(process))
                .orElseGet(() -> Files.isDirectory(PROC.resolve("net"))
                        ? "by a process that this user may not see; find it with: sudo ss -ltnp 'sport = :" + port + "'"
                        : "by a process; find it with: lsof -nP -iTCP:" + port + " -sTCP:LISTEN");
    }

    private static String describe(Path process) {
        if (read(process.resolve("cmdline")).contains("io.chela.app.Main")) {
            return "another chela gateway, process " + process.getFileName();
        }
        String name = Printable.word(read(process.resolve("comm")).strip());
        return "process " + process.getFileName() + (name.isEmpty() ? "" : " (" + name + ")");
    }

    private Optional<Path> find() {
        Set<String> sockets = sockets();
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, sockets)) {
                    return Optional.of(process);
                }
            }
        } catch (IOException _) {
            // then we do not know
        }
        return Optional.empty();
    }

    /// As the link of an open file shows each: `socket:[12345]`.
    private Set<String> sockets() {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : read(PROC.resolve(table)).lines().skip(1).toList()) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 9
                        && columns[3].equals(LISTENS)
                        && columns[1].endsWith(String.format(":%04X", port))) {
                    sockets.add("socket:[" + columns[9] + "]");
                }
            }
        }
        return sockets;
    }

    private boolean has(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : open) {
                files++;
                if (files > MOST_FILES) {
                    return false;
                }
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
        } catch (IOException _) {
            // another user's, or it has ended
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }

    private static String read(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), UTF_8);
            return file.startsWith(PROC.resolve("net"))
                    ? text
                    : text.substring(0, Math.min(text.length(), MOST_COMMAND));
        } catch (IOException _) {
            return "";
        }
    }
}
