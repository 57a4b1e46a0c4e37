package io.chela.model.openai;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One provider entry as configured.
///
/// @param name the entry's key
/// @param route how the server is reached
/// @param headers sent with every call, the credential among them
/// @param silence how long the server may say nothing at all, before and between bytes
/// @param models the ids the entry lists; with none, every id is passed on
/// @param passThrough which of a caller's members go along
/// @param compat where the server differs from the API, for models that do not say it themselves
/// @param limits how much of a reply is read; not part of the entry
record OpenAiSettings(
        String name,
        Route route,
        RequestHeaders headers,
        Duration silence,
        List<ListedModel> models,
        PassThrough passThrough,
        Compat compat,
        ReplyLimits limits) {
    static final int DEFAULT_TIMEOUT_SECONDS = 120;
    static final int MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

    /// @param contextWindow prompt and answer together, in tokens
    /// @param maxTokens the most tokens of an answer, when a caller names no limit
    /// @param compat the provider's, with what the model's own says
    record ListedModel(String id, Optional<Integer> contextWindow, Optional<Integer> maxTokens, Compat compat) {}

    OpenAiSettings {
        models = List.copyOf(models);
    }

    static OpenAiSettings read(ExtensionContext context) {
        Settings settings = context.settings();
        settings.text("api", OpenAiProvider.TYPE); // whoever says nothing means us
        Settings request = settings.at("request");
        Compat compat = Compat.read(settings, Compat.NONE);
        List<ListedModel> models = new ArrayList<>();
        for (Settings model : settings.list("models")) {
            models.add(listed(model, compat));
        }
        var read = new OpenAiSettings(
                context.name(),
                Route.read(settings, request, context.environment()),
                RequestHeaders.read(settings, request),
                Duration.ofSeconds(settings.integer("timeoutSeconds", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS)),
                models,
                PassThrough.read(settings),
                compat,
                context.replyLimits());
        allowPrivateNetwork(request);
        settings.finish();
        return read;
    }

    /// OpenClaw's: `true` lets its guard pass addresses of a private network, where there is no such guard here.
    private static void allowPrivateNetwork(Settings request) {
        if (!request.flag("allowPrivateNetwork", true)) {
            request.refuse(
                    "allowPrivateNetwork",
                    "false is refused, since addresses are not checked: nothing but baseUrl's server is called, and"
                            + " no redirect is followed; leave it out");
        }
    }

    private static ListedModel listed(Settings model, Compat provider) {
        model.text("name");
        return new ListedModel(
                model.required("id"),
                model.integer("contextWindow", 0, Integer.MAX_VALUE).filter(tokens -> tokens > 0),
                model.integer("maxTokens", 1, Integer.MAX_VALUE),
                Compat.read(model, provider));
    }
}
