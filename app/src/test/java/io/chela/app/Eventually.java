package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for what another thread is about to do.
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Eventually() {}

    static void holds(Callable<Boolean> fact) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.sleep(10);
        }
    }
}
