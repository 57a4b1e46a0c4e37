package io.chela.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Keeps the log open while the gateway stops.
///
/// When the process is told to end, `java.util.logging` takes all handlers away at once, in order, beside the
/// gateway's own end: this one stands first and lets nobody past until the gateway has ended.
final class ShutdownGate extends Handler {
    /// More than the gateway's own end may take.
    private static final Duration PATIENCE = RunningGateway.DRAIN.plusSeconds(30);

    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean armed;

    /// From now on somebody will [#open] it.
    void arm() {
        armed = true;
    }

    void open() {
        open.countDown();
    }

    @Override
    public void publish(LogRecord record) {}

    @Override
    public void flush() {}

    @Override
    public void close() {
        if (!armed) {
            return;
        }
        try {
            if (!open.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("chela: the log is closed before the gateway has ended");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
