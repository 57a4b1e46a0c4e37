package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Downloads a package with pip, which knows this machine's proxies, mirrors and certificates.
///
/// @param python the command of a Python 3
/// @param limit how long pip may take
/// @param shown gets every line that pip prints
record PipDownload(List<String> python, Duration limit, Consumer<String> shown) {
    /// How long a download may take.
    static final Duration LIMIT = Duration.ofMinutes(10);

    /// How many of pip's last lines are looked at to say what went wrong.
    static final int LAST_LINES = 20;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private static final List<String> NO_NETWORK = List.of(
            "connection refused",
            "newconnectionerror",
            "name resolution",
            "name or service not known",
            "network is unreachable",
            "max retries exceeded",
            "connecttimeouterror",
            "read timed out",
            "proxyerror",
            "connection broken",
            "sslerror",
            "certificate verify failed");

    /// What came of it.
    sealed interface Result {
        record Done(Path file) implements Result {}

        /// A clause that says why, and what to do.
        record Failed(String why) implements Result {}
    }

    PipDownload {
        python = List.copyOf(python);
    }

    /// Runs `python3` of the PATH.
    static PipDownload withPython3(Consumer<String> shown) {
        return new PipDownload(List.of("python3"), LIMIT, shown);
    }

    /// Downloads into an empty folder. An interrupt kills pip and stays set.
    Result download(String requirement, Path folder) throws IOException {
        Process pip;
        try {
            pip = start(requirement, folder);
        } catch (IOException _) {
            return new Result.Failed(
                    "there is no " + python.getFirst() + " on the PATH to download it with: install Python 3 with pip");
        }
        Deque<String> last = new ArrayDeque<>();
        Thread drain = Thread.ofPlatform().daemon().name("pip").start(() -> drain(pip, last));
        Optional<Result> ended = await(pip);
        if (ended.isPresent()) {
            return ended.get();
        }
        join(drain);
        return pip.exitValue() == 0 ? file(folder) : failed(requirement, pip.exitValue(), last);
    }

    private Process start(String requirement, Path folder) throws IOException {
        List<String> command = new ArrayList<>(python);
        command.addAll(List.of("-m", "pip", "download", "--no-deps", "--dest", folder.toString(), requirement));
        Process pip = new ProcessBuilder(command).redirectErrorStream(true).start();
        pip.getOutputStream().close();
        return pip;
    }

    /// Waits for the end; a result when it was not a natural one.
    private Optional<Result> await(Process pip) {
        try {
            if (pip.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            kill(pip);
            return Optional.of(new Result.Failed("pip did not finish downloading it within " + limit.toMinutes()
                    + " minutes: try again on a better network"));
        } catch (InterruptedException _) {
            kill(pip);
            Thread.currentThread().interrupt();
            return Optional.of(new Result.Failed("the download was stopped: start again to repeat it"));
        }
    }

    /// Not for a pip that ended by itself: destroying closes its output, also what nobody has read yet.
    private static void kill(Process pip) {
        pip.descendants().forEach(ProcessHandle::destroyForcibly);
        pip.destroyForcibly();
    }

    private void drain(Process pip, Deque<String> last) {
        try (var lines = new BufferedReader(new InputStreamReader(pip.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                shown.accept(line);
                synchronized (last) {
                    if (last.size() == LAST_LINES) {
                        last.remove();
                    }
                    last.add(line);
                }
            }
        } catch (IOException _) {
            // It was killed; what it said until then is enough.
        }
    }

    private static void join(Thread drain) {
        try {
            drain.join(DRAIN_LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Result file(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst()
                    .<Result>map(Result.Done::new)
                    .orElseGet(() -> new Result.Failed("pip ended well but left no file: see what it printed"));
        }
    }

    private Result failed(String requirement, int exit, Deque<String> last) {
        String said;
        synchronized (last) {
            said = String.join("\n", last).toLowerCase(Locale.ROOT);
        }
        if (said.contains("no module named pip")) {
            return new Result.Failed(python.getFirst() + " has no pip: install pip (python3-pip), or run "
                    + python.getFirst() + " -m ensurepip");
        }
        if (NO_NETWORK.stream().anyMatch(said::contains)) {
            return new Result.Failed("pip cannot reach its package index: check the network, or the proxy and index "
                    + "that pip is configured with");
        }
        if (said.contains("no matching distribution") || said.contains("could not find a version")) {
            return new Result.Failed(
                    "pip's package index has no " + requirement + ": check which index pip is configured with");
        }
        return new Result.Failed("pip failed (exit " + exit + "): see what it printed");
    }
}
