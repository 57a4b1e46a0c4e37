package io.chela.model.llamacpp;

import java.time.Duration;

/// Sees to it that a cancelled generation gives the model free: a worker that does not react is killed.
record CancelWatch(Lane lane, LlamaCppReply reply, WorkerProcess worker) {
    /// A step of the prompt takes a small model half a second, a token far less; bigger models get some time.
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    void start() {
        Thread.startVirtualThread(this::watch);
    }

    private void watch() {
        try {
            for (Duration waited = Duration.ZERO; waited.compareTo(LIMIT) < 0; waited = waited.plus(LOOK_EVERY)) {
                if (!lane.isRunning(reply)) {
                    return;
                }
                Thread.sleep(LOOK_EVERY);
            }
            if (lane.isRunning(reply)) {
                worker.kill();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
