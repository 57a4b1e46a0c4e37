package io.chela.app;

import io.chela.api.spi.Settings;
import io.chela.edge.FeatureProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        List<FeatureProvider.Opening> doors,
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
            Settings settings = Settings.of(file.config());
            var port = EnvironmentPort.read(file.environment(), mistakes);
            GatewayConfig config = GatewayConfig.read(settings, file.config()).with(options, port);
            AuthConfig auth = AuthConfig.read(
                    settings,
                    config.agents(),
                    config.bind(),
                    new OwnSecrets.Sources(file.environment(), options.token(), mistakes));
            LogSettings logs = LogSettings.read(settings.at("logging"));
            List<FeatureProvider.Opening> doors = extensions.features().stream()
                    .map(found -> found.provider().read(settings))
                    .toList();
            mistakes.addAll(settings.mistakes());
            return new Reading(file, settings, config, auth, logs, doors, List.copyOf(mistakes));
        }
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
}
