package io.chela.app;

import io.chela.api.spi.Settings;
import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/// `logging`: how much is written, where, and how. Level and console style have OpenClaw's words.
///
/// @param level of our own lines; libraries never say more than warnings
/// @param format of the file and the console; empty: JSON in the file, text on a terminal, else JSON
/// @param consoleFormat of the console alone
/// @param file relative to the state folder; empty when nothing is written to a file
/// @param maxFileBytes when a file is full and the next one begins
/// @param access whether each request has its line
record LogSettings(
        Level level,
        Optional<LogFormat> format,
        Optional<LogFormat> consoleFormat,
        Optional<Path> file,
        int maxFileBytes,
        boolean access) {
    static final int DEFAULT_FILE_BYTES = 10 * 1024 * 1024;
    static final int MIN_FILE_BYTES = 4 * 1024;
    static final int MAX_FILE_BYTES = 1024 * 1024 * 1024;

    private static final String DEFAULT_FILE = "logs/chela.log";
    private static final String NO_FILE = "none";

    private static final Map<String, Level> LEVELS = Map.of(
            "silent", Level.OFF,
            "fatal", Level.SEVERE,
            "error", Level.SEVERE,
            "warn", Level.WARNING,
            "info", Level.INFO,
            "debug", Level.FINE,
            "trace", Level.FINER);

    /// @param stateFolder where a relative file is
    static LogSettings read(Settings logging, Path stateFolder) {
        return new LogSettings(
                logging.parsed(
                        "level",
                        Level.INFO,
                        "must be silent, fatal, error, warn, info, debug or trace",
                        word -> Optional.ofNullable(LEVELS.get(word))),
                logging.parsed("format", Optional.empty(), "must be json or text", word -> switch (word) {
                    case "json" -> Optional.of(Optional.of(LogFormat.JSON));
                    case "text" -> Optional.of(Optional.of(LogFormat.TEXT));
                    default -> Optional.empty();
                }),
                logging.parsed(
                        "consoleStyle", Optional.empty(), "must be pretty, compact or json", word -> switch (word) {
                            case "pretty", "compact" -> Optional.of(Optional.of(LogFormat.TEXT));
                            case "json" -> Optional.of(Optional.of(LogFormat.JSON));
                            default -> Optional.empty();
                        }),
                file(logging, stateFolder),
                logging.integer("maxFileBytes", DEFAULT_FILE_BYTES, MIN_FILE_BYTES, MAX_FILE_BYTES),
                logging.flag("access", true));
    }

    private static Optional<Path> file(Settings logging, Path stateFolder) {
        Optional<Path> file = logging.parsed(
                "file", Optional.of(Path.of(DEFAULT_FILE)), "must be a path, or none", LogSettings::file);
        file.filter(path -> !isOwn(stateFolder.resolve(path)))
                .ifPresent(path -> logging.refuse(
                        "file",
                        "'" + path
                                + "' is no regular file, but a folder, a link, a pipe or a device; name a file, or none:"
                                + " every line is on standard error too"));
        return file;
    }

    /// Whether it is a file or nothing yet: what is full is renamed, so nothing else can be one.
    private static boolean isOwn(Path file) {
        try {
            RegularFile.requireOwn(file);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<Optional<Path>> file(String text) {
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(text.equals(NO_FILE) ? Optional.empty() : Optional.of(Path.of(text)));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
