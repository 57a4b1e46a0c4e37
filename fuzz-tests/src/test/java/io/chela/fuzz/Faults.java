package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What no input may bring about: a broken rule, somebody else's words in an answer, a stack trace in the
/// log.
public final class Faults {
    private static final Pattern FOREIGN =
            Pattern.compile("Exception|io\\.helidon|tools\\.jackson|snakeyaml|\\bat [a-z]+\\.[a-z]");

    private Faults() {}

    /// Checks a rule.
    ///
    /// @throws AssertionError with the text when it does not hold
    public static void check(boolean holds, Supplier<String> text) {
        if (!holds) {
            throw new AssertionError(text.get());
        }
    }

    /// Checks that a sentence for callers is there, and that no library's word is in it but those of the input.
    public static void checkWords(String sentence, byte[] input) {
        check(!sentence.isBlank(), () -> "says nothing");
        Matcher foreign = FOREIGN.matcher(sentence);
        while (foreign.find()) {
            String word = foreign.group();
            check(new String(input, UTF_8).contains(word), () -> "says in a library's words: " + sentence);
        }
    }

    /// Remembers the first record that has a stack trace, or is an error.
    static final class Log extends Handler {
        private final AtomicReference<Optional<LogRecord>> first = new AtomicReference<>(Optional.empty());

        /// Listens to all loggers instead of the console.
        static Log listen() {
            var log = new Log();
            Logger root = Logger.getLogger("");
            for (Handler handler : root.getHandlers()) {
                root.removeHandler(handler);
            }
            root.addHandler(log);
            return log;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getThrown() != null || line.getLevel().intValue() >= Level.SEVERE.intValue()) {
                first.compareAndSet(Optional.empty(), Optional.of(line));
            }
        }

        /// @throws AssertionError when there was one since the last check
        void check() {
            first.getAndSet(Optional.empty()).ifPresent(line -> {
                throw new AssertionError(
                        "logged by " + line.getLoggerName() + ": " + line.getMessage(), line.getThrown());
            });
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
