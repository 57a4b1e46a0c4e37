package io.chela.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway that runs from an image, in a process of its own. Closing kills it and whatever it started.
final class Image implements AutoCloseable {
    /// Longer than the gateway's own time for draining.
    private static final Duration STOP = Duration.ofSeconds(40);

    private static final Pattern READY_LINE = Pattern.compile("chela gateway ready on http://127\\.0\\.0\\.1:(\\d+) ");

    private final Process process;
    private final Path stateFolder;
    private final Path out;
    private final Path err;
    private final int port;

    private Image(Process process, Path stateFolder, Path out, Path err, Duration patience)
            throws InterruptedException {
        this.process = process;
        this.stateFolder = stateFolder;
        this.out = out;
        this.err = err;
        try {
            this.port = awaitPort(patience);
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /// Starts it and waits until it is ready, for as long as the program may take.
    static Image start(Program gateway, Path stateFolder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("chela-gateway", ".out");
        Path err = Files.createTempFile("chela-gateway", ".err");
        return new Image(gateway.start(out, err), stateFolder, out, err, gateway.patience());
    }

    private int awaitPort(Duration patience) throws InterruptedException {
        Patience.until(
                patience, () -> "no gateway: " + output() + log(), () -> !process.isAlive() || ready().isPresent());
        return ready().orElseThrow(() -> new AssertionError("the gateway ended: " + output() + log()));
    }

    private Optional<Integer> ready() {
        Matcher line = READY_LINE.matcher(output());
        return line.find() ? Optional.of(Integer.parseInt(line.group(1))) : Optional.empty();
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /// The token in its state folder.
    String token() {
        return Patience.read(stateFolder.resolve("token")).strip();
    }

    Path stateFolder() {
        return stateFolder;
    }

    /// What it printed for a person, so far.
    String output() {
        return Patience.read(out);
    }

    /// What it logged, so far.
    String log() {
        return Patience.read(err);
    }

    /// An HTTP client with its token.
    Caller caller() {
        return new Caller(port, token());
    }

    /// Tells it to stop (SIGTERM), and returns at once.
    void terminate() {
        process.destroy();
    }

    /// Tells it to stop, and gives its exit code.
    int stop() throws InterruptedException {
        terminate();
        return exit();
    }

    /// Waits for its end, and gives its exit code.
    int exit() throws InterruptedException {
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the gateway did not end within " + STOP + ": " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        Program.kill(process);
        process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
        out.toFile().delete();
        err.toFile().delete();
    }
}
