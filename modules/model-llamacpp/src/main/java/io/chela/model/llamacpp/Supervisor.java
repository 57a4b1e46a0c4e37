package io.chela.model.llamacpp;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.chela.model.llamacpp.LlamaCppSettings.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps a worker running for one model: starts it, reads it, and starts the next when it has ended.
///
/// All of it on one platform thread, which is also the only reader of the worker's output.
final class Supervisor implements AutoCloseable {
    /// The pause before the first restart; each further one doubles it.
    static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    static final Duration MAX_PAUSE = Duration.ofSeconds(60);

    /// A worker that was ready for so long counts as sound: the next pause is the first again.
    static final Duration SOUND_AFTER = Duration.ofSeconds(60);

    /// How long a load may take.
    static final Duration LOAD_LIMIT = Duration.ofMinutes(5);

    private static final System.Logger LOG = System.getLogger("io.chela.model.llamacpp");

    private final Gguf model;
    private final Workplace workplace;
    private final Lane lane;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<WorkerProcess> current = Optional.empty();
    private String lastFailure = "";

    Supervisor(Gguf model, Workplace workplace, Lane lane) {
        this.model = model;
        this.workplace = workplace;
        this.lane = lane;
        this.thread =
                Thread.ofPlatform().daemon().name("llamacpp-" + model.id()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isClosing()) {
            boolean sound = attempt();
            pause = sound ? FIRST_PAUSE : pause;
            await(pause);
            pause = doubled(pause);
        }
    }

    static Duration doubled(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }

    /// Runs one worker to its end, and tells whether it was a sound one.
    private boolean attempt() {
        if (!Files.isRegularFile(model.file())) {
            failed("the model file " + model.file()
                    + " is missing: put it there, or correct 'file' in the configuration");
            return false;
        }
        try {
            return live(workplace.start(model));
        } catch (IOException e) {
            failed("the model process cannot be started: " + e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.log(ERROR, "a fault in the supervision of " + model.file(), e);
            current.ifPresent(WorkerProcess::kill);
            failed("the model process cannot be supervised: " + e);
            return false;
        } finally {
            workplace.clear();
        }
    }

    private boolean live(WorkerProcess worker) {
        current = Optional.of(worker);
        if (isClosing()) {
            worker.stop();
        }
        var loaded = new CountDownLatch(1);
        Thread.startVirtualThread(() -> killUnless(loaded, worker));
        Optional<String> loadFailure = Optional.empty();
        Optional<Long> readyAt = Optional.empty();
        for (var said = worker.next(); said.isPresent(); said = worker.next()) {
            switch (said.get()) {
                case FromWorker.Ready _ -> {
                    loaded.countDown();
                    readyAt = Optional.of(System.nanoTime());
                    ready(worker);
                }
                case FromWorker.LoadFailed(String why) -> {
                    loaded.countDown();
                    loadFailure = Optional.of(why);
                    worker.stop();
                }
                case FromWorker.Said about -> lane.accept(about);
            }
        }
        loaded.countDown();
        ended(worker, worker.stop(), readyAt.isPresent(), loadFailure);
        return readyAt.filter(at -> System.nanoTime() - at > SOUND_AFTER.toNanos())
                .isPresent();
    }

    private void ready(WorkerProcess worker) {
        LOG.log(INFO, "{0} is loaded, in process {1}", model.file().getFileName(), worker.pid());
        lastFailure = "";
        lane.ready(worker);
    }

    private void ended(WorkerProcess worker, int exit, boolean wasReady, Optional<String> loadFailure) {
        current = Optional.empty();
        if (isClosing()) {
            return;
        }
        if (wasReady) {
            LOG.log(WARNING, "the model process ended (exit {0}): {1}", exit, worker.lastWords());
            lane.lost(exit);
        } else {
            failed(loadFailure
                    .map(why -> "the model file " + model.file() + " cannot be loaded: " + why)
                    .orElseGet(
                            () -> "the model process ended while loading (exit " + exit + "): " + worker.lastWords()));
        }
    }

    /// Logged once, not at every attempt.
    private void failed(String why) {
        if (!why.equals(lastFailure)) {
            LOG.log(WARNING, why);
            lastFailure = why;
        }
        lane.failed(why);
    }

    private void killUnless(CountDownLatch loaded, WorkerProcess worker) {
        try {
            if (!loaded.await(LOAD_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                worker.kill();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void await(Duration pause) {
        try {
            boolean _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the worker, within [WorkerProcess#KILL_AFTER]. Idempotent.
    @Override
    public void close() {
        closing.countDown();
        lane.close(); // first: a caller is told that the gateway stops, not that its answer was cancelled
        current.ifPresent(WorkerProcess::stop);
        try {
            thread.join(WorkerProcess.KILL_AFTER);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
