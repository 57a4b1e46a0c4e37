package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Models;
import io.chela.api.spi.ReplyLimits;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes the models of each provider that a reading names. Those whose entry is as it was at the reading
/// before are kept as they are, with their connections and processes.
final class ModelMaker {
    private final Extensions extensions;
    private final Map<String, String> environment;
    private final Path stateFolder;

    ModelMaker(Extensions extensions, Map<String, String> environment, Path stateFolder) {
        this.extensions = extensions;
        this.environment = environment;
        this.stateFolder = stateFolder;
    }

    /// What models are made of: the same gives the same.
    private record Origin(String api, ConfigTree entry, ReplyLimits limits) {}

    /// Models by their provider's name, each with what it was made of.
    record Made(Map<String, Models> models, Map<String, Object> origins) {
        static final Made NONE = new Made(Map.of(), Map.of());

        private Optional<Models> sameOf(String id, Object origin) {
            return Optional.ofNullable(models.get(id)).filter(_ -> origin.equals(origins.get(id)));
        }
    }

    /// Makes what is missing. Whoever calls closes what is new, when there is a mistake too.
    ///
    /// @param mistakes takes those of the providers' entries
    Made make(GatewayConfig config, Made before, List<String> mistakes) {
        var made = new Made(new LinkedHashMap<>(), new HashMap<>());
        ReplyLimits limits = config.limits().runs().replies();
        config.providers().forEach((id, provider) -> {
            var origin = new Origin(provider.api(), ConfigTree.of(provider.config()), limits);
            try {
                put(made, before, id, origin, () -> create(provider.api(), id, provider.config(), limits));
            } catch (IllegalArgumentException e) {
                String.valueOf(e.getMessage()).lines().forEach(line -> mistakes.add(located(id, line)));
            }
        });
        String offline = GatewayConfig.OFFLINE.provider();
        if (!config.providers().containsKey(offline)) {
            var origin = new Origin(offline, ConfigTree.of(Config.empty()), limits);
            put(made, before, offline, origin, () -> create(offline, offline, Config.empty(), limits));
        }
        config.starter().filter(_ -> needsStarter(config)).ifPresent(name -> {
            try {
                put(made, before, Starters.PROVIDER, name, () -> starting(name));
            } catch (IllegalArgumentException e) {
                mistakes.add("models.starter: " + e.getMessage());
            }
        });
        return made;
    }

    private static void put(Made made, Made before, String id, Object origin, Supplier<Models> make) {
        made.models().put(id, before.sameOf(id, origin).orElseGet(make));
        made.origins().put(id, origin);
    }

    private static String located(String id, String line) {
        return line.startsWith("models.providers.") ? line : "models.providers." + id + ": " + line;
    }

    private Models create(String api, String id, Config entry, ReplyLimits limits) {
        return extensions.model(api).create(context(id, entry, limits));
    }

    private Models starting(String name) {
        return new StarterModels(extensions, environment, stateFolder).start(name);
    }

    private static boolean needsStarter(GatewayConfig config) {
        return config.agents().stream()
                .map(Agent::model)
                .anyMatch(model -> model.provider().equals(Starters.PROVIDER));
    }

    /// Where an extension finds itself.
    ExtensionContext context(String name, Config own, ReplyLimits limits) {
        return new ExtensionContext(
                name, own, stateFolder, StateFolder.models(stateFolder, environment), limits, environment);
    }
}
