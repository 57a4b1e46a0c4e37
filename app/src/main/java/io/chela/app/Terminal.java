package io.chela.app;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Whether a person reads along.
final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    static boolean isStandardOutput() {
        return is(STANDARD_OUTPUT);
    }

    static boolean isStandardError() {
        return is(STANDARD_ERROR);
    }

    /// Tells whether standard output is a terminal that shows colours, and nobody minds them (https://no-color.org).
    static boolean showsColours(Map<String, String> environment) {
        return isStandardOutput() && mayShowColours(environment);
    }

    static boolean mayShowColours(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /// The stream itself where the system tells, else whether the process has a terminal.
    private static boolean is(Path stream) {
        try {
            String device = Files.readSymbolicLink(stream).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.ofNullable(System.console())
                    .map(Console::isTerminal)
                    .orElse(false);
        }
    }
}
