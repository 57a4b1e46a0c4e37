package io.chela.api.spi;

import java.nio.file.Path;
import java.util.Map;

/// Where an extension finds itself.
///
/// @param name its key in the configuration: for a model provider the `<id>` of `models.providers.<id>`,
///     which errors name (`The model provider 'home' …`); for a store its type
/// @param settings its part of the configuration, with variables already resolved, to be read once and
///     finished
/// @param stateFolder the gateway's own folder (mode 0700), for files that must survive
/// @param modelsFolder where model files are; it need not exist
/// @param replyLimits how much of a model's reply is read; for model providers
/// @param environment the variables of the environment, for what is defined by them, such as `HTTPS_PROXY`; there
///     are secrets among them
public record ExtensionContext(
        String name,
        Settings settings,
        Path stateFolder,
        Path modelsFolder,
        ReplyLimits replyLimits,
        Map<String, String> environment) {
    public ExtensionContext {
        environment = Map.copyOf(environment);
    }

    /// With the limits that hold when the configuration names none, and no variables.
    public ExtensionContext(String name, Settings settings, Path stateFolder, Path modelsFolder) {
        this(name, settings, stateFolder, modelsFolder, ReplyLimits.DEFAULTS, Map.of());
    }

    /// Nothing of what may be secret.
    @Override
    public String toString() {
        return "ExtensionContext[" + name + "]";
    }
}
