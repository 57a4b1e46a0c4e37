package io.chela.app;

import io.chela.api.spi.Settings;
import io.chela.app.cli.Printable;
import io.chela.app.config.KeyList;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One reading of the configuration: what its files say, to the last key that is not a model provider's own.
///
/// @param settings what was asked for, with what holds where the file is silent
/// @param doors what each door has read
/// @param providerFiles what the files of each provider held; see [NamedFiles]
/// @param mistakes of all of them; with one it must not be used
record Reading(
        ConfigFile file,
        Settings settings,
        GatewayConfig config,
        AuthConfig auth,
        LogSettings logs,
        List<Record> doors,
        Map<String, String> providerFiles,
        List<String> mistakes) {
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
            List<String> mistakes = new ArrayList<>(file.mistakes());
            Settings settings = Settings.of(file.config(), KeyList::below);
            var port = EnvironmentPort.read(file.environment(), mistakes);
            GatewayConfig config = GatewayConfig.read(settings, file.config()).with(options, port);
            AuthConfig auth = AuthConfig.read(
                    settings,
                    config.agents(),
                    config.bind(),
                    new OwnSecrets.Sources(file.environment(), environment.keySet(), options.token(), mistakes));
            LogSettings logs = LogSettings.read(settings.at("logging"), stateFolder());
            List<Record> doors = extensions.features().stream()
                    .map(found -> found.provider().read(settings))
                    .toList();
            mistakes.addAll(settings.mistakes());
            checkStore(config.store(), mistakes);
            Set<String> idle = idle(config);
            return new Reading(
                    file.warning(
                            warnings(idle, config).map(file.tree()::located).toList()),
                    settings,
                    config.without(idle),
                    auth,
                    logs,
                    doors,
                    NamedFiles.contents(config.providers()),
                    List.copyOf(mistakes));
        }

        private void checkStore(String type, List<String> mistakes) {
            try {
                var _ = extensions.store(type);
            } catch (IllegalArgumentException e) {
                mistakes.add("session.store: " + e.getMessage());
            }
        }

        /// Providers of a type that nobody has, and that no agent has its own model from: the rest of a file need not
        /// wait for an extension that nothing needs yet.
        private Set<String> idle(GatewayConfig config) {
            Set<String> idle = new LinkedHashSet<>(config.providers().keySet());
            config.agents().forEach(agent -> idle.remove(agent.model().provider()));
            idle.removeIf(id -> extensions.hasModel(type(id, config)));
            return idle;
        }

        private static String type(String id, GatewayConfig config) {
            return Optional.ofNullable(config.providers().get(id))
                    .map(GatewayConfig.Provider::api)
                    .orElse("");
        }

        /// One for each of them, and for each fallback that goes with it.
        private static Stream<String> warnings(Set<String> idle, GatewayConfig config) {
            Stream<String> providers = idle.stream()
                    .map(id -> "models.providers." + id + ": left out, since no extension is of the type '"
                            + type(id, config) + "', and it is no agent's first choice");
            Stream<String> fallbacks = config.models()
                    .distinct()
                    .filter(model -> idle.contains(model.provider()))
                    .map(model -> config.named().getOrDefault(model, "agents") + ": the fallback '" + model
                            + "' is left out with models.providers." + model.provider());
            return Stream.concat(providers, fallbacks);
        }
    }

    /// With another configuration made of it.
    Reading with(GatewayConfig other) {
        return with(other, auth);
    }

    /// With others made of both.
    Reading with(GatewayConfig other, AuthConfig otherAuth) {
        return new Reading(file, settings, other, otherAuth, logs, doors, providerFiles, mistakes);
    }

    /// The sentence that ends a start.
    UsageException refused(List<String> all) {
        List<String> located = file.located(all);
        return UsageException.failed("chela: " + name() + " has "
                + (located.size() == 1 ? "a mistake" : located.size() + " mistakes") + ":\n  "
                + located.stream().map(Printable::line).collect(Collectors.joining("\n  ")));
    }

    /// The file, as a sentence names it.
    String name() {
        return file.path().map(Path::toString).orElse("the configuration");
    }

    /// Every file that it was read from, and those that would be read if they were there.
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(file.files());
        files.addAll(NamedFiles.ofGateway(file.config()));
        config.providers().values().forEach(provider -> files.addAll(NamedFiles.ofProvider(provider)));
        return files.stream().map(Path::toAbsolutePath).collect(Collectors.toSet());
    }

    /// All of the configuration, to be compared.
    ConfigNodes nodes() {
        return ConfigNodes.of(file.config());
    }

    /// What another reading has that is not the same here: paths of the configuration, variables of the
    /// environment, and providers whose files hold something else. Names only, never a value.
    List<String> differences(Reading other) {
        List<String> all = new ArrayList<>(nodes().differences(other.nodes()));
        new ConfigNodes(file.environment())
                .differences(new ConfigNodes(other.file.environment()))
                .forEach(name -> all.add(variable(name)));
        other.providerFiles.forEach((id, contents) -> {
            if (!contents.equals(providerFiles.getOrDefault(id, contents))) {
                all.add("the files of models.providers." + id);
            }
        });
        return all;
    }

    /// A variable, as the log names it.
    static String variable(String name) {
        return "the variable " + name;
    }

    /// The part of the configuration that says who may come.
    ConfigNodes credentials() {
        Config gateway = file.config().get("gateway");
        return ConfigNodes.of(gateway);
    }
}
