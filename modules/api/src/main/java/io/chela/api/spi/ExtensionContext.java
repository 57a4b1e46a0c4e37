package io.chela.api.spi;

import io.helidon.config.Config;
import java.nio.file.Path;

/// Where an extension finds itself.
///
/// @param name its key in the configuration: for a model provider the `<id>` of `models.providers.<id>`
/// @param config its part of the configuration, with variables already resolved; read it once and refuse
///     unknown keys
/// @param stateFolder the gateway's own folder (mode 0700), for files that must survive
/// @param modelsFolder where model files are
public record ExtensionContext(String name, Config config, Path stateFolder, Path modelsFolder) {}
