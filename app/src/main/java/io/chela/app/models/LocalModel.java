package io.chela.app.models;

import java.nio.file.Path;
import java.time.Instant;

/// A model file in the models folder.
///
/// @param id the file's name without `.gguf`
/// @param changed of the file that a link leads to
public record LocalModel(String id, Path file, long bytes, Instant changed) {}
