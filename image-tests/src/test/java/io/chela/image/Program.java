package io.chela.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program to run in a folder, with an environment of its own and nothing inherited.
///
/// @param patience how long it may run before it is killed and the test fails
record Program(Path folder, List<String> command, Map<String, String> environment, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// How a program ended and what it printed.
    record Ended(int exit, String out, String err) {}

    Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// With the system's own tools on PATH, and the folder as its home.
    static Program in(Path folder, String... command) {
        return new Program(
                folder,
                List.of(command),
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", folder.toString(), "LANG", "C.UTF-8"),
                PATIENCE);
    }

    Program with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Program(folder, command, more, patience);
    }

    Program with(Map<String, String> variables) {
        Map<String, String> more = new HashMap<>(environment);
        more.putAll(variables);
        return new Program(folder, command, more, patience);
    }

    Program withOnly(Map<String, String> variables) {
        return new Program(folder, command, variables, patience);
    }

    Program within(Duration longer) {
        return new Program(folder, command, environment, longer);
    }

    /// Starts it; its output goes to two files, so that a full pipe cannot stop it.
    Process start(Path out, Path err) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /// Runs it to its end.
    Ended run() throws IOException, InterruptedException {
        Path out = Files.createTempFile("chela-out", ".txt");
        Path err = Files.createTempFile("chela-err", ".txt");
        Process process = start(out, err);
        try {
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            String said = Files.readString(out);
            String complained = Files.readString(err);
            if (!ended) {
                throw new AssertionError(command + " did not end within " + patience + ":\n" + said + complained);
            }
            return new Ended(process.exitValue(), said, complained);
        } finally {
            kill(process);
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// Ends a process and everything it started.
    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
