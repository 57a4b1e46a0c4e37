package io.chela.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// The program's log: one handler under `java.util.logging`, which writes to a console, a file, or both.
final class Logging implements AutoCloseable {
    /// How long a file that is left may still get lines.
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    /// Kept, since a logger that nobody holds forgets its level.
    private final Map<String, Logger> loggers = new HashMap<>();

    private final Logger root = Logger.getLogger("");
    private final Masking masking = new Masking();
    private final ShutdownGate gate = new ShutdownGate();
    private final LogHandler handler = new LogHandler(masking);
    private final Optional<LogTarget> console;
    private final PrintStream complaints;
    private Optional<FileTarget> file = Optional.empty();

    /// The log's file, with what makes it another one.
    private record FileTarget(Path path, int maxBytes, LogTarget target) {
        boolean isFor(Path otherPath, int otherMaxBytes) {
            return path.equals(otherPath) && maxBytes == otherMaxBytes;
        }
    }

    private Logging(Optional<LogTarget> console, PrintStream complaints) {
        this.console = console;
        this.complaints = complaints;
    }

    /// A log on standard error, which [#configure] may add a file to.
    static Logging onConsole(PrintStream err) {
        LogManager.getLogManager().reset();
        var console = LogTarget.to(new LogStream(err), consoleFormat(), Clock.systemUTC());
        var logging = new Logging(Optional.of(console), err);
        logging.install();
        logging.level("io.helidon", Level.WARNING);
        logging.handler.to(List.of(console));
        return logging;
    }

    /// A log that is silent until [#configure] gives it a file.
    static Logging silent() {
        return new Logging(Optional.empty(), System.err);
    }

    /// What must not be in the log.
    Masking masking() {
        return masking;
    }

    /// Does as the configuration says, from the next line on. One at a time.
    void configure(LogSettings settings, Path stateFolder) {
        LogFormat onConsole = settings.consoleFormat().or(settings::format).orElseGet(Logging::consoleFormat);
        console.ifPresent(target -> target.format(onConsole));
        Optional<FileTarget> before = file;
        file = settings.file().map(path -> file(stateFolder.resolve(path), settings));
        handler.to(Stream.concat(console.stream(), file.map(FileTarget::target).stream())
                .toList());
        before.filter(old -> file.filter(old::equals).isEmpty()).ifPresent(old -> closeSoon(old.target()));
        install();
        level("io.chela", settings.level());
        level("io.chela.access", settings.access() ? settings.level() : Level.OFF);
        level("io.helidon", stricter(settings.level(), Level.WARNING));
        level("", stricter(settings.level(), Level.INFO));
    }

    /// Keeps the log open while the process ends, until [#close].
    void holdAtShutdown() {
        gate.arm();
    }

    private void install() {
        if (List.of(root.getHandlers()).contains(handler)) {
            return;
        }
        root.addHandler(gate);
        root.addHandler(handler);
    }

    /// The file that is open, when it is the one.
    private FileTarget file(Path path, LogSettings settings) {
        LogFormat format = settings.format().orElse(LogFormat.JSON);
        int maxBytes = settings.maxFileBytes();
        Optional<FileTarget> same = file.filter(open -> open.isFor(path, maxBytes));
        same.ifPresent(open -> open.target().format(format));
        return same.orElseGet(() -> new FileTarget(
                path,
                maxBytes,
                LogTarget.to(new LogFile(path, maxBytes, complaints, System::nanoTime), format, Clock.systemUTC())));
    }

    /// Not at once: somebody may be about to write to it.
    private static void closeSoon(LogTarget old) {
        Thread.ofVirtual().name("log-close").start(() -> {
            try {
                Thread.sleep(LAST_LINES);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            old.writer().close();
        });
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        loggers.put(name, logger);
    }

    private static Level stricter(Level one, Level other) {
        return one.intValue() > other.intValue() ? one : other;
    }

    private static LogFormat consoleFormat() {
        return Terminal.isStandardError() ? LogFormat.TEXT : LogFormat.JSON;
    }

    /// Writes what waits; whatever is logged later is lost.
    @Override
    public void close() {
        handler.close();
        root.removeHandler(handler);
        root.removeHandler(gate);
        gate.open();
    }
}
