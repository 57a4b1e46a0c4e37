package io.chela.model.llamacpp;

import static java.lang.System.Logger.Level.DEBUG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One child process. One platform thread reads it, one writes to it, one drains its standard error into the log.
final class WorkerProcess {
    /// How long it gets to end after the end of its input.
    static final Duration KILL_AFTER = Duration.ofSeconds(3);

    /// Frames that may wait to be written; one generation runs at a time, so there are hardly ever two.
    static final int MAX_UNSENT = 64;

    /// How many lines of standard error are kept to explain a failure, and how much of each.
    static final int LAST_LINES = 5;

    static final int MAX_LINE = 500;

    static final int NOT_ENDED = -1;

    /// What of the gateway's environment it sees: no secret, and no variable that changes how `java` runs.
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH");

    private static final System.Logger LOG = System.getLogger("io.chela.model.llamacpp");

    private final Process process;
    private final Frames frames;
    private final BlockingQueue<ToWorker> unsent = new ArrayBlockingQueue<>(MAX_UNSENT);
    private final Thread writer;
    private final Thread drain;
    private final Deque<String> lastLines = new ArrayDeque<>();

    private WorkerProcess(Process process, String name) {
        this.process = process;
        this.frames = new Frames(process.getInputStream());
        this.writer = Thread.ofPlatform().daemon().name(name + "-writer").unstarted(this::write);
        this.drain = Thread.ofPlatform().daemon().name(name + "-stderr").unstarted(this::drain);
    }

    /// Starts a process and the threads that serve it.
    ///
    /// @param folder its working folder
    static WorkerProcess start(String name, List<String> command, Path folder) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().retainAll(ENVIRONMENT);
        var worker = new WorkerProcess(builder.start(), name);
        worker.writer.start();
        worker.drain.start();
        return worker;
    }

    String pid() {
        return Long.toString(process.pid());
    }

    /// Waits for what it says next; empty when it has ended. For one platform thread.
    Optional<FromWorker> next() {
        try {
            for (var line = frames.next(); line.isPresent(); line = frames.next()) {
                Optional<FromWorker> frame = switch (line.get()) {
                    case Frames.Line.Frame(var json) -> FromWorker.read(json);
                    case Frames.Line.Noise(String start) -> {
                        LOG.log(DEBUG, "worker {0} wrote what is no frame: {1}", pid(), start);
                        yield Optional.empty();
                    }
                };
                if (frame.isPresent()) {
                    return frame;
                }
            }
        } catch (IOException e) {
            LOG.log(DEBUG, "the output of worker {0} broke off: {1}", pid(), e.getMessage());
        }
        return Optional.empty();
    }

    /// Hands a frame to the writer; never blocks. A worker that does not take its frames any more is killed.
    void send(ToWorker frame) {
        if (!unsent.offer(frame)) {
            kill();
        }
    }

    private void write() {
        try (OutputStream out = process.getOutputStream()) {
            while (!Thread.interrupted()) {
                Frames.write(out, unsent.take().toJson());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // by stop(): leaving has closed its input
        } catch (IOException e) {
            LOG.log(DEBUG, "the input of worker {0} broke off: {1}", pid(), e.getMessage());
        }
    }

    private void drain() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.log(DEBUG, "worker {0}: {1}", pid(), line);
                keep(line);
            }
        } catch (IOException e) {
            LOG.log(DEBUG, "the log of worker {0} broke off: {1}", pid(), e.getMessage());
        }
    }

    private void keep(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LAST_LINES) {
                lastLines.remove();
            }
            lastLines.add(line.substring(0, Math.min(line.length(), MAX_LINE)));
        }
    }

    /// The last lines it wrote to its standard error, joined.
    String lastWords() {
        synchronized (lastLines) {
            return String.join(" | ", lastLines);
        }
    }

    /// Ends its input, waits [#KILL_AFTER], then kills it and waits as long again. Idempotent, from any thread.
    ///
    /// @return its exit code; [#NOT_ENDED] when not even the kernel could end it
    int stop() {
        writer.interrupt();
        if (!ended(KILL_AFTER)) {
            kill();
        }
        return ended(KILL_AFTER) ? process.exitValue() : NOT_ENDED;
    }

    /// Kills it at once.
    void kill() {
        process.destroyForcibly();
    }

    private boolean ended(Duration wait) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
