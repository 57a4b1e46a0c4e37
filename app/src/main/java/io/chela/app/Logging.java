package io.chela.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// The program's log: one handler under `java.util.logging`, which writes to a console, a file, or both.
final class Logging implements AutoCloseable {

    /// Kept, since a logger that nobody holds forgets its level.
    private final List<Logger> loggers = new ArrayList<>();

    private final Logger root = Logger.getLogger("");
    private final Masking masking = new Masking();
    private final ShutdownGate gate = new ShutdownGate();
    private final LogHandler handler = new LogHandler(masking);
    private final Optional<PrintStream> console;
    private final PrintStream complaints;

    private Logging(Optional<PrintStream> console, PrintStream complaints) {
        this.console = console;
        this.complaints = complaints;
    }

    /// A log on standard error, which [#configure] may add a file to.
    static Logging onConsole(PrintStream err) {
        LogManager.getLogManager().reset();
        var logging = new Logging(Optional.of(err), err);
        logging.install();
        logging.level("io.helidon", Level.WARNING);
        logging.handler.to(List.of(logging.console(err, consoleFormat())));
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

    /// Does as the configuration says.
    void configure(LogSettings settings, Path stateFolder) {
        List<LogTarget> before = handler.targets();
        List<LogTarget> targets = new ArrayList<>();
        console.ifPresent(err -> targets.add(
                console(err, settings.consoleFormat().or(settings::format).orElseGet(Logging::consoleFormat))));
        settings.file()
                .ifPresent(file -> targets.add(LogTarget.to(
                        new LogFile(stateFolder.resolve(file), settings.maxFileBytes(), complaints, System::nanoTime),
                        settings.format().orElse(LogFormat.JSON),
                        Clock.systemUTC())));
        handler.to(targets);
        before.forEach(target -> target.writer().close());
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

    private LogTarget console(PrintStream err, LogFormat format) {
        return LogTarget.to(new LogStream(err), format, Clock.systemUTC());
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        loggers.add(logger);
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
