package io.chela.agent.runtime;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A wait that ends early when it is closed, from any thread.
final class Pause implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);

    /// Blocks for the time.
    ///
    /// @throws CancellationException when it was closed, or the waiting thread interrupted
    void await(Duration time) {
        try {
            if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new CancellationException("the pause was closed");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted in a pause");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
