package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.LogLine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Takes every record of the program, counts what floods, masks what is secret, and hands the rest to where
/// lines go. Safe for many threads; does not block.
final class LogHandler extends Handler {
    private static final String LIBRARY = "io.helidon";

    private final Masking masking;
    private final Floods floods = new Floods(System::nanoTime);
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile List<LogTarget> targets = List.of();

    LogHandler(Masking masking) {
        this.masking = masking;
        setLevel(Level.ALL);
    }

    /// Lines go here from now on.
    void to(List<LogTarget> places) {
        targets = List.copyOf(places);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record) || isChatter(record)) {
            return;
        }
        Optional<String> flood = LogRecords.line(record).flatMap(LogLine::flood);
        if (flood.isEmpty() || floods.isFirst(flood.get())) {
            write(record);
        } else {
            tellFloodsSoon();
        }
    }

    /// When the process ends, `java.util.logging` forgets the levels that keep libraries quiet.
    private static boolean isChatter(LogRecord record) {
        String logger = record.getLoggerName();
        return logger != null && logger.startsWith(LIBRARY) && record.getLevel().intValue() < Level.WARNING.intValue();
    }

    private void write(LogRecord record) {
        boolean now = record.getLevel().intValue() >= Level.WARNING.intValue();
        Optional<LogFormat> format = Optional.empty();
        byte[] line = {};
        for (LogTarget target : targets) {
            if (format.filter(target.format()::equals).isEmpty()) {
                format = Optional.of(target.format());
                line = target.format().format(record, masking).getBytes(UTF_8);
            }
            target.writer().add(line, now);
        }
    }

    private void tellFloodsSoon() {
        if (telling.compareAndSet(false, true)) {
            Thread.ofVirtual().name("log-floods").start(this::tellFloods);
        }
    }

    /// Once a second, for as long as something is counted.
    private void tellFloods() {
        try {
            while (floods.isCounting()) {
                Thread.sleep(Floods.WINDOW);
                tell(floods.due());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            telling.set(false);
        }
        if (floods.isCounting()) {
            tellFloodsSoon(); // counted between the last look and now
        }
    }

    private void tell(List<Floods.Sum> sums) {
        sums.forEach(sum -> write(LogRecords.of(
                Level.WARNING,
                Floods.class.getName(),
                new LogLine().text("flood", sum.kind()).number("more", sum.count()))));
    }

    /// Tells what was counted, and writes what waits.
    @Override
    public void close() {
        tell(floods.all());
        List<LogTarget> open = targets;
        targets = List.of();
        open.forEach(target -> target.writer().close());
    }

    @Override
    public void flush() {}
}
