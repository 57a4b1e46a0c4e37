package io.chela.app.models;

import io.chela.app.config.PlainConfig;
import io.helidon.config.Config;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// What a `models.providers.<id>` entry would say, had somebody written it.
///
/// @param id its key
/// @param api the type of the extension that makes its models
public record ProviderEntry(String id, String api, Config config) {
    /// The type of the extension that runs model files.
    public static final String FILES = "llamacpp";

    /// A server that speaks the OpenAI API and serves what it is asked for.
    static ProviderEntry server(String id, String baseUrl) {
        return of(id, "openai-completions", ObjectNode.builder().addValue("baseUrl", baseUrl));
    }

    /// OpenAI's own, or one that is used in its place.
    static ProviderEntry withKey(String id, String baseUrl, String key) {
        return of(
                id,
                "openai-completions",
                ObjectNode.builder().addValue("baseUrl", baseUrl).addValue("apiKey", key));
    }

    /// A model file for llama.cpp.
    public static ProviderEntry file(String id, String model, Path file, OptionalInt contextWindow) {
        return files(id, List.of(new Gguf(model, file, contextWindow)));
    }

    /// A model file with its name.
    ///
    /// @param contextWindow in tokens; without one the extension's default holds
    record Gguf(String model, Path file, OptionalInt contextWindow) {}

    static ProviderEntry files(String id, List<Gguf> files) {
        ListNode.Builder models = ListNode.builder();
        for (Gguf gguf : files) {
            var model = ObjectNode.builder()
                    .addValue("id", gguf.model())
                    .addValue("file", gguf.file().toString());
            gguf.contextWindow().ifPresent(tokens -> model.addValue("contextWindow", Integer.toString(tokens)));
            models.addObject(model.build());
        }
        return of(id, FILES, ObjectNode.builder().addList("models", models.build()));
    }

    private static ProviderEntry of(String id, String api, ObjectNode.Builder entry) {
        return new ProviderEntry(
                id, api, PlainConfig.of(entry.addValue("api", api).build()));
    }
}
