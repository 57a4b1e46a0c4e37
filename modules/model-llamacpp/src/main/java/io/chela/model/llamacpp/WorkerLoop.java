package io.chela.model.llamacpp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// The worker's life: loads, says so, answers one prompt after another, ends at the end of its input.
///
/// The caller's thread reads frames and raises flags; one platform thread loads and generates, since only the reader
/// of an answer may cancel it. When a load fails the gateway ends the input.
final class WorkerLoop {
    /// How long a generation gets to end after the end of the input; ending the process under it crashes.
    static final Duration END_WAIT = Duration.ofMillis(2_500);

    private static final int MAX_WAITING = 8;
    private static final long NOTHING = -1;

    private final OutputStream out;
    private final BlockingQueue<ToWorker.Generate> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile long cancelled = NOTHING;
    private volatile boolean ending;

    WorkerLoop(OutputStream out) {
        this.out = out;
    }

    /// Runs until the input ends; then the generation under way has been told to stop, and given time to.
    void run(InputStream in, Supplier<Engine> load) throws IOException, InterruptedException {
        Thread generating = Thread.ofPlatform().daemon().name("generate").start(() -> generate(load));
        var frames = new Frames(in);
        for (var line = frames.next(); line.isPresent(); line = frames.next()) {
            if (line.get() instanceof Frames.Line.Frame(var json)) {
                ToWorker.read(json).ifPresent(this::accept);
            }
        }
        ending = true;
        generating.interrupt();
        generating.join(END_WAIT);
    }

    private void accept(ToWorker frame) {
        switch (frame) {
            case ToWorker.Generate generate -> {
                if (!waiting.offer(generate)) {
                    throw new IllegalStateException("more than " + MAX_WAITING + " generations at once");
                }
            }
            case ToWorker.Cancel(long id) -> cancelled = id;
        }
    }

    private void generate(Supplier<Engine> load) {
        Optional<Engine> engine = load(load);
        try {
            while (engine.isPresent() && !ending) {
                answer(engine.get(), waiting.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the input has ended
        }
    }

    private Optional<Engine> load(Supplier<Engine> load) {
        try {
            Engine engine = load.get();
            say(new FromWorker.Ready());
            return Optional.of(engine);
        } catch (UncheckedIOException e) {
            throw e; // nobody listens any more
        } catch (RuntimeException | LinkageError e) {
            say(new FromWorker.LoadFailed(String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private void answer(Engine engine, ToWorker.Generate what) {
        try {
            engine.generate(what, () -> ending || cancelled == what.id(), this::say);
        } catch (UncheckedIOException e) {
            throw e; // nobody listens any more
        } catch (RuntimeException e) {
            say(new FromWorker.Failed(what.id(), String.valueOf(e.getMessage())));
        }
    }

    private void say(FromWorker frame) {
        try {
            Frames.write(out, frame.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
