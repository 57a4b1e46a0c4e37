package io.chela.app;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Models;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import io.chela.app.models.Catalogue;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.ProviderEntry;
import io.chela.app.models.Starters;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Makes the models of each provider that a reading names. Those whose entry is as it was at the reading
/// before are kept as they are, with their connections and processes.
final class ModelMaker {
    private static final Set<String> PROXIES =
            Set.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY");

    private final Extensions extensions;
    private final Catalogue catalogue;
    private final BiFunction<Path, Map<String, String>, ModelSearch> search;
    private final Path stateFolder;

    /// @param search how a model is looked for in a models folder, by these variables
    ModelMaker(
            Extensions extensions,
            Catalogue catalogue,
            BiFunction<Path, Map<String, String>, ModelSearch> search,
            Path stateFolder) {
        this.extensions = extensions;
        this.catalogue = catalogue;
        this.search = search;
        this.stateFolder = stateFolder;
    }

    /// What models are made of: the same gives the same.
    ///
    /// @param variables those of the environment that providers use
    /// @param files what those hold that the entry names
    private record Origin(
            String api,
            ConfigNodes entry,
            ReplyLimits limits,
            Path modelsFolder,
            Map<String, String> variables,
            String files) {}

    /// The same of a starter.
    private record StarterOrigin(String name, Path modelsFolder) {}

    /// Models by their provider's name, each with what it was made of.
    record Made(Map<String, Models> models, Map<String, Object> origins) {
        static final Made NONE = new Made(Map.of(), Map.of());

        private Optional<Models> sameOf(String id, Object origin) {
            return Optional.ofNullable(models.get(id)).filter(_ -> origin.equals(origins.get(id)));
        }
    }

    /// Chooses which model answers where none is configured; the one that was found before, while the
    /// configuration asks for the same.
    ///
    /// @param mistakes takes those of the variables that count
    ModelChoice choose(Reading reading, Optional<ModelChoice> before, List<String> mistakes) {
        Map<String, String> environment = reading.file().environment();
        try {
            return ModelChoice.make(
                    reading.config(),
                    search.apply(StateFolder.models(stateFolder, environment), environment),
                    catalogue,
                    extensions.hasModel(ProviderEntry.FILES),
                    before);
        } catch (IllegalArgumentException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            return ModelChoice.configured(reading.config());
        }
    }

    /// Makes what is missing. Whoever calls closes what is new, when there is a mistake too.
    ///
    /// @param mistakes takes those of the providers' entries
    Made make(Reading reading, Made before, List<String> mistakes) {
        GatewayConfig config = reading.config();
        Map<String, String> environment = reading.file().environment();
        var made = new Made(new LinkedHashMap<>(), new HashMap<>());
        config.providers().forEach((id, provider) -> {
            var origin = origin(reading, id, provider.api(), provider.config());
            try {
                put(
                        made,
                        before,
                        id,
                        origin,
                        () -> create(provider.api(), context(id, provider.config(), config, environment)));
            } catch (IllegalArgumentException e) {
                mistakes.addAll(located(id, e));
            }
        });
        String offline = GatewayConfig.OFFLINE.provider();
        if (!config.providers().containsKey(offline)) {
            var origin = origin(reading, offline, offline, Config.empty());
            put(
                    made,
                    before,
                    offline,
                    origin,
                    () -> create(offline, context(offline, Config.empty(), config, environment)));
        }
        config.starter().filter(_ -> needsStarter(config)).ifPresent(name -> {
            try {
                var origin = new StarterOrigin(name, StateFolder.models(stateFolder, environment));
                put(made, before, Starters.PROVIDER, origin, () -> starting(name, environment));
            } catch (IllegalArgumentException e) {
                mistakes.add("models.starter: there is no starter " + e.getMessage());
            }
        });
        return made;
    }

    /// Reads the providers' entries, and makes nothing of them.
    ///
    /// @param mistakes takes theirs
    /// @return what each has asked for, as [Settings#fallbacks] has it
    Map<String, Optional<String>> fallbacks(Reading reading, List<String> mistakes) {
        Map<String, Optional<String>> fallbacks = new LinkedHashMap<>();
        GatewayConfig config = reading.config();
        config.providers().forEach((id, provider) -> {
            ExtensionContext context =
                    context(id, provider.config(), config, reading.file().environment());
            try {
                extensions.model(provider.api()).read(context);
                fallbacks.putAll(context.settings().fallbacks());
            } catch (IllegalArgumentException e) {
                mistakes.addAll(located(id, e));
            }
        });
        return fallbacks;
    }

    private Origin origin(Reading reading, String id, String api, Config entry) {
        Map<String, String> environment = reading.file().environment();
        Map<String, String> variables = new HashMap<>(environment);
        variables.keySet().retainAll(PROXIES);
        return new Origin(
                api,
                ConfigNodes.of(entry),
                reading.config().limits().runs().replies(),
                StateFolder.models(stateFolder, environment),
                variables,
                reading.providerFiles().getOrDefault(id, ""));
    }

    private static void put(Made made, Made before, String id, Object origin, Supplier<Models> make) {
        made.models().put(id, before.sameOf(id, origin).orElseGet(make));
        made.origins().put(id, origin);
    }

    private static List<String> located(String id, IllegalArgumentException mistakes) {
        return String.valueOf(mistakes.getMessage())
                .lines()
                .map(line -> line.startsWith("models.providers.") ? line : "models.providers." + id + ": " + line)
                .toList();
    }

    private Models create(String api, ExtensionContext context) {
        return extensions.model(api).create(context);
    }

    private Models starting(String name, Map<String, String> environment) {
        return new StarterModels(extensions, catalogue, environment, stateFolder).start(name);
    }

    private static boolean needsStarter(GatewayConfig config) {
        return config.models().anyMatch(model -> model.provider().equals(Starters.PROVIDER));
    }

    /// Where an extension finds itself.
    ExtensionContext context(String name, Config own, GatewayConfig config, Map<String, String> environment) {
        return new ExtensionContext(
                name,
                Settings.of(own),
                stateFolder,
                StateFolder.models(stateFolder, environment),
                config.limits().runs().replies(),
                environment);
    }
}
