package io.chela.app;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Models;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Makes the models of a starter: fetches its file, then has llama.cpp run it; the offline model when either
/// fails.
final class StarterModels {
    private static final String CONTEXT_WINDOW = "2048";

    private final Extensions extensions;
    private final Path stateFolder;
    private final Path modelsFolder;

    StarterModels(Extensions extensions, Map<String, String> environment, Path stateFolder) {
        this.extensions = extensions;
        this.stateFolder = stateFolder;
        this.modelsFolder = StateFolder.models(stateFolder, environment);
    }

    /// @throws IllegalArgumentException when there is no starter of that name
    Starters start(String name) {
        Starter starter = Starter.named(name, modelsFolder);
        return new Starters(name, () -> switch (starter.fetch()) {
            case Starter.Result.Ready(var file) -> running(name, file);
            case Starter.Result.Unavailable(var why) -> offline(why);
        });
    }

    private Starters.Fetched running(String name, Path file) {
        try {
            var config = Config.builder(ConfigSources.create(ObjectNode.builder()
                            .addValue("api", "llamacpp")
                            .addList(
                                    "models",
                                    ListNode.builder()
                                            .addObject(ObjectNode.builder()
                                                    .addValue("id", name)
                                                    .addValue("file", file.toString())
                                                    .addValue("contextWindow", CONTEXT_WINDOW)
                                                    .build())
                                            .build())
                            .build()))
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .build();
            Models models = extensions.model("llamacpp").create(context(config));
            return new Starters.Fetched(models, name, Optional.empty());
        } catch (IllegalArgumentException e) {
            return offline("the starter model " + name + " cannot run: " + e.getMessage());
        }
    }

    private Starters.Fetched offline(String why) {
        return new Starters.Fetched(
                extensions.model("offline").create(context(Config.empty())),
                GatewayConfig.OFFLINE.model(),
                Optional.of(why + "; going on with " + GatewayConfig.OFFLINE));
    }

    private ExtensionContext context(Config config) {
        return new ExtensionContext(Starters.PROVIDER, config, stateFolder, modelsFolder);
    }
}
