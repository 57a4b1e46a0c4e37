package io.chela.app;

import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
                    new OwnSecrets.Sources(file.environment(), environment.keySet(), options.token(), mistakes));
            LogSettings logs = LogSettings.read(settings.at("logging"));
            List<Record> doors = extensions.features().stream()
                    .map(found -> found.provider().read(settings))
                    .toList();
            mistakes.addAll(settings.mistakes());
            Map<String, String> idle = idle(config);
            return new Reading(
                    file.warning(List.copyOf(idle.values())),
                    settings,
                    config.without(idle.keySet()),
                    auth,
                    logs,
                    doors,
                    List.copyOf(mistakes));
        }

        /// Providers of a type that nobody has, and that no agent asks for, each with a warning: the rest of a file
        /// need not wait for an extension that nothing needs yet.
        private Map<String, String> idle(GatewayConfig config) {
            Map<String, String> idle = new LinkedHashMap<>();
            config.providers().forEach((id, provider) -> {
                boolean wanted = config.agents().stream()
                        .anyMatch(agent -> agent.model().provider().equals(id));
                if (!wanted && !extensions.hasModel(provider.api())) {
                    idle.put(
                            id,
                            "models.providers." + id + ": left out, since no extension is of the type '"
                                    + provider.api() + "', and no agent asks for it");
                }
            });
            return idle;
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
