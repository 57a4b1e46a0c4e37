package io.chela.app;

import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One reading of the configuration: what its files say, to the last key that is not a model provider's own.
///
/// @param settings what was asked for, with what holds where the file is silent
/// @param doors what each door has read
/// @param mistakes of all of them; with one it must not be used
record Reading(
        ConfigFile file,
        Settings settings,
        GatewayConfig config,
        AuthConfig auth,
        LogSettings logs,
        List<Record> doors,
        List<String> mistakes) {
    private static final List<String> FILE_KEYS = List.of("gateway.tls.certPath", "gateway.tls.keyPath");

    /// Reads again and again what one start was told to read.
    ///
    /// @param environment of the process
    record Source(GatewayOptions options, Map<String, String> environment, Extensions extensions) {
        Path stateFolder() {
            return StateFolder.locate(options.stateFolder(), environment);
        }

        /// @throws UsageException when there is a file that cannot be read at all
        Reading read() {
            ConfigFile file = ConfigFile.find(options.config(), environment, stateFolder());
            List<String> mistakes = new java.util.ArrayList<>(file.mistakes());
            Settings settings = Settings.of(file.config());
            var port = EnvironmentPort.read(file.environment(), mistakes);
            GatewayConfig config = GatewayConfig.read(settings, file.config()).with(options, port);
            AuthConfig auth = AuthConfig.read(
                    settings,
                    config.agents(),
                    config.bind(),
                    new OwnSecrets.Sources(file.environment(), options.token(), mistakes));
            LogSettings logs = LogSettings.read(settings.at("logging"));
            List<Record> doors = extensions.features().stream()
                    .map(found -> found.provider().read(settings))
                    .toList();
            mistakes.addAll(settings.mistakes());
            return new Reading(file, settings, config, auth, logs, doors, List.copyOf(mistakes));
        }
    }

    /// With another configuration made of it.
    Reading with(GatewayConfig other) {
        return new Reading(file, settings, other, auth, logs, doors, mistakes);
    }

    /// The sentence that ends a start.
    UsageException refused(List<String> all) {
        List<String> located = file.located(all);
        return UsageException.failed("chela: " + name() + " has "
                + (located.size() == 1 ? "a mistake" : located.size() + " mistakes") + ":\n  "
                + String.join("\n  ", located));
    }

    /// The file, as a sentence names it.
    String name() {
        return file.path().map(Path::toString).orElse("the configuration");
    }

    /// Every file that it was read from, and those that would be read if they were there.
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(file.files());
        FILE_KEYS.stream().flatMap(this::fileAt).forEach(files::add);
        return files.stream().map(Path::toAbsolutePath).collect(java.util.stream.Collectors.toSet());
    }

    private Stream<Path> fileAt(String key) {
        try {
            Optional<String> text = file.config().get(key).asString().asOptional();
            return text.map(Path::of).stream();
        } catch (InvalidPathException _) {
            return Stream.empty(); // which is a mistake already
        }
    }

    /// All of the configuration, to be compared.
    ConfigNodes nodes() {
        return ConfigNodes.of(file.config());
    }

    /// The part of the configuration that says who may come.
    ConfigNodes credentials() {
        Config gateway = file.config().get("gateway");
        return ConfigNodes.of(gateway);
    }
}
