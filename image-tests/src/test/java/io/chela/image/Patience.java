package io.chela.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for things that other processes do.
final class Patience {
    private static final long POLL_MILLIS = 20;

    private Patience() {}

    /// Polls until the condition holds; fails with the words when it does not in time.
    static void until(Duration patience, Supplier<String> words, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + patience + ": " + words.get());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
