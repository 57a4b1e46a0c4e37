package io.chela.agent.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// Ends runs whose time is over. Its thread is there while anything runs; safe for many threads.
final class Deadlines {
    static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Supplier<Collection<Run>> running;
    private final AtomicBoolean looking = new AtomicBoolean();

    /// @param running what runs now; asked from the thread
    Deadlines(Supplier<Collection<Run>> running) {
        this.running = running;
    }

    /// Something runs.
    void watch() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("run-deadlines").start(this::look);
        }
    }

    private void look() {
        try {
            Collection<Run> left = running.get();
            while (!left.isEmpty()) {
                long now = System.nanoTime();
                left.forEach(run -> run.timeOutAt(now));
                Thread.sleep(LOOK_EVERY);
                left = running.get();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            looking.set(false);
        }
        if (!running.get().isEmpty()) {
            watch(); // one came while this thread was leaving
        }
    }
}
