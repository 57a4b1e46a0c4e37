package io.chela.model.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where the workers of one model run: a folder of their own, emptied before each start and removed after it.
///
/// @param logs where the JVM reports a native crash
/// @param folder no other process may use it
record Workplace(Path logs, Path folder, WorkerCommand command) {
    /// @param state the gateway's own folder, which one gateway at a time uses
    static Workplace of(Path state, String provider, String model, WorkerCommand command) {
        String name = URLEncoder.encode(provider + "/" + model, UTF_8); // one legal file name for each pair
        return new Workplace(state.resolve("logs"), state.resolve("llamacpp").resolve(name), command);
    }

    /// Starts a worker there.
    WorkerProcess start(LlamaCppSettings.Gguf model) throws IOException {
        empty();
        Files.createDirectories(folder);
        Files.createDirectories(logs);
        List<String> line = command.line(model, folder);
        return WorkerProcess.start("llamacpp-" + model.id(), line, folder);
    }

    /// Removes what a worker left: the native library that it had unpacked.
    void clear() {
        try {
            empty();
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // The next start empties it, or says what is wrong with it.
        }
    }

    private void empty() throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
