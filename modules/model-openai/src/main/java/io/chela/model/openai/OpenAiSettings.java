package io.chela.model.openai;

import io.chela.api.Secret;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One provider entry as configured.
///
/// @param name the entry's key
/// @param baseUrl up to and without `/chat/completions`
/// @param apiKey sent as a bearer token; absent when the server wants none
/// @param silence how long the server may say nothing at all, before and between bytes
/// @param headers sent with every call
/// @param models the ids the entry lists; with none, every id is passed on
/// @param passThrough which of a caller's members go along
/// @param compat where the server differs from the API, for models that do not say it themselves
/// @param limits how much of a reply is read; not part of the entry
record OpenAiSettings(
        String name,
        URI baseUrl,
        Optional<Secret> apiKey,
        Duration silence,
        Map<String, String> headers,
        List<ListedModel> models,
        PassThrough passThrough,
        Compat compat,
        ReplyLimits limits) {
    static final int DEFAULT_TIMEOUT_SECONDS = 120;
    static final int MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

    /// RFC 9110, 5.1 and 5.5, without its obsolete parts.
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /// @param contextWindow prompt and answer together, in tokens
    /// @param maxTokens the most tokens of an answer, when a caller names no limit
    /// @param compat the provider's, with what the model's own says
    record ListedModel(String id, Optional<Integer> contextWindow, Optional<Integer> maxTokens, Compat compat) {}

    OpenAiSettings {
        headers = Map.copyOf(headers);
        models = List.copyOf(models);
    }

    /// Where the server is, without a credential: `host:port`, or the host alone when the port is the
    /// scheme's own.
    String host() {
        return baseUrl.getHost() + (baseUrl.getPort() < 0 ? "" : ":" + baseUrl.getPort());
    }

    static OpenAiSettings read(ExtensionContext context) {
        var settings = Settings.of(context.config());
        settings.text("api");
        Compat compat = Compat.read(settings, Compat.NONE);
        List<ListedModel> models = new ArrayList<>();
        for (Settings model : settings.list("models")) {
            models.add(listed(model, compat));
        }
        var read = new OpenAiSettings(
                context.name(),
                baseUrl(settings),
                apiKey(settings),
                Duration.ofSeconds(settings.integer("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS)),
                headers(settings),
                models,
                PassThrough.read(context.config(), settings),
                compat,
                context.replyLimits());
        settings.finish();
        return read;
    }

    private static ListedModel listed(Settings model, Compat provider) {
        model.text("name");
        int contextWindow = model.integer("contextWindow", 0, 0, Integer.MAX_VALUE);
        int maxTokens = model.integer("maxTokens", 0, 1, Integer.MAX_VALUE);
        return new ListedModel(
                model.required("id"),
                Optional.of(contextWindow).filter(tokens -> tokens > 0),
                Optional.of(maxTokens).filter(tokens -> tokens > 0),
                Compat.read(model, provider));
    }

    private static Optional<Secret> apiKey(Settings settings) {
        Optional<String> key =
                settings.text("apiKey").map(String::strip).filter(text -> !text.isEmpty() && !text.equals("none"));
        if (key.filter(text -> !HEADER_VALUE.matcher(text).matches()).isPresent()) {
            settings.refuse("apiKey", "must be printable ASCII");
        }
        return key.map(Secret::new);
    }

    private static Map<String, String> headers(Settings settings) {
        Map<String, String> headers = settings.texts("headers");
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                settings.at("headers").refuse(name, "is no name of an HTTP header");
            }
            if (!HEADER_VALUE.matcher(value).matches()) {
                settings.at("headers").refuse(name, "must be printable ASCII");
            }
        });
        return headers;
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
