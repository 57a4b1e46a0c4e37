package io.chela.model.llamacpp;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One provider entry as configured.
///
/// @param name the entry's key
/// @param queue how many turns may wait for each model
/// @param silence how long a running turn may go without a token
record LlamaCppSettings(String name, int queue, Duration silence, List<Gguf> models) {
    static final int DEFAULT_QUEUE = 32;
    static final int MAX_QUEUE = 10_000;
    static final int DEFAULT_TIMEOUT_SECONDS = 120;
    static final int MAX_TIMEOUT_SECONDS = 24 * 60 * 60;
    static final int DEFAULT_CONTEXT_WINDOW = 2048;
    static final int MIN_CONTEXT_WINDOW = 128;
    static final int MAX_CONTEXT_WINDOW = 1024 * 1024;
    static final int DEFAULT_MAX_TOKENS = 512;

    LlamaCppSettings {
        models = List.copyOf(models);
    }

    /// @param contextWindow prompt and answer together, in tokens
    /// @param maxTokens the most tokens of an answer, when a caller names no limit
    record Gguf(String id, Path file, int contextWindow, int maxTokens) {}

    static LlamaCppSettings read(ExtensionContext context) {
        Settings settings = context.settings();
        settings.text("api");
        List<Gguf> models = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Settings part : settings.list("models")) {
            Gguf model = gguf(part, context.modelsFolder());
            if (!ids.add(model.id())) {
                part.refuse("id", "is '" + model.id() + "' a second time");
            }
            models.add(model);
        }
        if (models.isEmpty()) {
            settings.refuse("models", "must list a model, such as {id: smollm2, file: SmolLM2.gguf}");
        }
        var read = new LlamaCppSettings(
                context.name(),
                settings.integer("queue", DEFAULT_QUEUE, 0, MAX_QUEUE),
                Duration.ofSeconds(settings.integer("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS)),
                models);
        settings.finish();
        return read;
    }

    private static Gguf gguf(Settings model, Path modelsFolder) {
        model.text("name");
        int context = model.integer("contextWindow", DEFAULT_CONTEXT_WINDOW, MIN_CONTEXT_WINDOW, MAX_CONTEXT_WINDOW);
        int maxTokens = model.integer("maxTokens", Math.min(DEFAULT_MAX_TOKENS, context / 2), 1, context);
        return new Gguf(model.required("id"), file(model, modelsFolder), context, maxTokens);
    }

    /// The file as configured, or below the folder for models.
    private static Path file(Settings model, Path modelsFolder) {
        model.required("file");
        return model.parsed("file", modelsFolder, "must be the path of a GGUF file", text -> {
            try {
                return Optional.of(modelsFolder.resolve(text).toAbsolutePath().normalize());
            } catch (InvalidPathException _) {
                return Optional.empty();
            }
        });
    }
}
