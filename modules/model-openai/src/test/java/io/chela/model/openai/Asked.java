package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import io.chela.testkit.ScriptedUpstream;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Asks a scripted server through a provider that is configured for it.
final class Asked {
    static final UpstreamErrors ERRORS = UpstreamErrors.of(
            new OpenAiSettings(
                    "home",
                    new Route(java.net.URI.create("http://127.0.0.1:1/v1"), TlsTerms.USUAL, java.util.Optional.empty()),
                    new RequestHeaders(Map.of(), List.of()),
                    java.time.Duration.ofSeconds(1),
                    List.of(),
                    PassThrough.ALL,
                    Compat.NONE,
                    ReplyLimits.DEFAULTS),
            "qwen3");

    private Asked() {}

    /// The model `qwen3` of the server, with more keys of the provider's entry and their values in turn.
    static Model model(ScriptedUpstream upstream, String... more) {
        return configured(upstream, entry -> {
            for (int i = 0; i < more.length; i += 2) {
                entry.addValue(more[i], more[i + 1]);
            }
            return entry;
        });
    }

    static Model model(Map<String, String> settings) {
        return new OpenAiProvider().create(context(settings, Map.of())).model("qwen3");
    }

    /// An entry with these keys and values; a key has its path, with dots.
    static ExtensionContext context(Map<String, String> settings, Map<String, String> environment) {
        ObjectNode.Builder entry = ObjectNode.builder();
        settings.forEach(entry::addValue);
        return context(entry.build(), environment);
    }

    /// The model `qwen3` of the server, with whatever else the function adds to the provider's entry.
    static Model configured(ScriptedUpstream upstream, UnaryOperator<ObjectNode.Builder> more) {
        return model(more.apply(ObjectNode.builder()
                        .addValue("api", "openai-completions")
                        .addValue("baseUrl", upstream.baseUrl()))
                .build());
    }

    private static Model model(ObjectNode entry) {
        return new OpenAiProvider().create(context(entry, Map.of())).model("qwen3");
    }

    private static ExtensionContext context(ObjectNode entry, Map<String, String> environment) {
        var config = Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(ConfigSources.create(entry))
                .build();
        return new ExtensionContext(
                "home", Settings.of(config), Path.of("state"), Path.of("models"), ReplyLimits.DEFAULTS, environment);
    }

    static Prompt prompt(tools.jackson.databind.node.ObjectNode parameters) {
        return new Prompt(List.of(Message.of(Role.SYSTEM, "be brief"), Message.of(Role.USER, "hi")), parameters);
    }

    static List<ModelEvent> events(Model model) {
        List<ModelEvent> events = new ArrayList<>();
        try (ModelReply reply = model.reply(prompt(Json.object()))) {
            reply.forEach(events::add);
        }
        return events;
    }

    static Problem.Upstream failure(Model model) {
        List<ModelEvent> events = new ArrayList<>();
        try (ModelReply reply = model.reply(prompt(Json.object()))) {
            reply.forEach(events::add);
        } catch (ProblemException e) {
            return (Problem.Upstream) e.problem();
        }
        throw new AssertionError("it answered: " + events);
    }
}
