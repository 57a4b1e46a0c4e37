package io.chela.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Files of a folder, written and loaded.
record LoadedFiles(Path folder) {
    Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(folder));
        return Files.writeString(file, text);
    }

    Loaded load(String name, String text) throws IOException {
        return load(name, text, Map.of());
    }

    Loaded load(String name, String text, Map<String, String> environment) throws IOException {
        return Loaded.read(write(name, text), environment, folder.resolve("state"));
    }

    /// The value at a path; empty when there is none.
    static String at(Loaded loaded, String path) {
        return Optional.ofNullable(loaded.tree().leaves().get(path))
                .map(Value.Text::text)
                .orElse("");
    }
}
