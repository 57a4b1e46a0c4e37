package io.chela.model.openai;

import io.chela.api.Secret;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One provider entry as configured.
///
/// @param name the entry's key
/// @param baseUrl up to and without `/chat/completions`
/// @param apiKey sent as a bearer token; absent when the server wants none
/// @param silence how long the server may say nothing at all, before and between bytes
/// @param headers sent with every call
/// @param models the ids the entry lists; with none, every id is passed on
record OpenAiSettings(
        String name,
        URI baseUrl,
        Optional<Secret> apiKey,
        Duration silence,
        Map<String, String> headers,
        List<ListedModel> models) {
    static final int DEFAULT_TIMEOUT_SECONDS = 120;
    static final int MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

    /// @param maxTokens the most tokens of an answer, when a caller names no limit
    record ListedModel(String id, Optional<Integer> maxTokens) {}

    static OpenAiSettings read(ExtensionContext context) {
        var settings = Settings.of(context.config());
        settings.text("api");
        List<ListedModel> models = new ArrayList<>();
        for (Settings model : settings.list("models")) {
            models.add(listed(model));
        }
        var read = new OpenAiSettings(
                context.name(),
                baseUrl(settings),
                settings.text("apiKey")
                        .filter(key -> !key.isBlank() && !key.equals("none"))
                        .map(Secret::new),
                Duration.ofSeconds(settings.integer("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS)),
                settings.texts("headers"),
                List.copyOf(models));
        settings.finish();
        return read;
    }

    private static ListedModel listed(Settings model) {
        model.text("name");
        model.integer("contextWindow", 0, 0, Integer.MAX_VALUE);
        int maxTokens = model.integer("maxTokens", 0, 1, Integer.MAX_VALUE);
        return new ListedModel(model.required("id"), Optional.of(maxTokens).filter(tokens -> tokens > 0));
    }

    private static URI baseUrl(Settings settings) {
        if (settings.text("baseUrl").isEmpty()) {
            settings.refuse("baseUrl", "is missing, such as http://127.0.0.1:8080/v1");
        }
        return settings.parsed("baseUrl", URI.create("http://missing"), "must be an http or https URL", text -> {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        });
    }
}
