package io.chela.app;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Models;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import io.chela.app.models.Catalogue;
import io.chela.app.models.CatalogueEntry;
import io.chela.app.models.ProgressLines;
import io.chela.app.models.ProviderEntry;
import io.chela.app.models.Pull;
import io.chela.app.models.Pulled;
import io.chela.app.models.Starters;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Makes the models of a starter: fetches its file, then has llama.cpp run it; the offline model when either
/// fails.
final class StarterModels {
    private final Extensions extensions;
    private final Catalogue catalogue;
    private final Map<String, String> environment;
    private final Path stateFolder;
    private final Path modelsFolder;

    StarterModels(Extensions extensions, Catalogue catalogue, Map<String, String> environment, Path stateFolder) {
        this.extensions = extensions;
        this.catalogue = catalogue;
        this.environment = environment;
        this.stateFolder = stateFolder;
        this.modelsFolder = StateFolder.models(stateFolder, environment);
    }

    /// @throws IllegalArgumentException when there is no starter of that name
    Starters start(String name) {
        CatalogueEntry entry = catalogue.entry(name);
        return new Starters(name, () -> fetch(entry));
    }

    private Starters.Fetched fetch(CatalogueEntry entry) {
        if (entry.file().seemsToBeIn(modelsFolder)) {
            return running(entry, modelsFolder.resolve(entry.file().file()));
        }
        return switch (new Pull(modelsFolder, new ProgressLines(System.err::println)).pull(entry.file())) {
            case Pulled.Ready(var file, var _) -> running(entry, file);
            case Pulled.Failed(var why) ->
                offline("the starter model " + why + "; or put the file into " + modelsFolder + " yourself");
        };
    }

    private Starters.Fetched running(CatalogueEntry entry, Path file) {
        try {
            var provider =
                    ProviderEntry.file(Starters.PROVIDER, entry.name(), file, OptionalInt.of(entry.contextWindow()));
            Models models = extensions.model(provider.api()).create(context(provider.config()));
            return new Starters.Fetched(models, entry.name(), Optional.empty());
        } catch (IllegalArgumentException e) {
            return offline("the starter model " + entry.name() + " cannot run: " + e.getMessage());
        }
    }

    private Starters.Fetched offline(String why) {
        return new Starters.Fetched(
                extensions.model("offline").create(context(Config.empty())),
                GatewayConfig.OFFLINE.model(),
                Optional.of(why + "; going on with " + GatewayConfig.OFFLINE));
    }

    private ExtensionContext context(Config config) {
        return new ExtensionContext(
                Starters.PROVIDER, Settings.of(config), stateFolder, modelsFolder, ReplyLimits.DEFAULTS, environment);
    }
}
