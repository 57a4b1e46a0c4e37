package io.chela.app.config;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ObjectNode;

/// A [Config] that says what its tree says and no more. Helidon alone would add the environment and system
/// properties, and read more into values: `${…}` in them is a reference, and what is one is decided elsewhere.
public final class PlainConfig {
    private PlainConfig() {}

    public static Config of(ObjectNode tree) {
        return Config.builder(ConfigSources.create(tree))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .disableFilterServices()
                .disableParserServices()
                .build();
    }
}
