package io.chela.app;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import io.chela.fuzz.Faults;
import io.chela.model.openai.OpenAiProvider;
import io.chela.openai.http.OpenAiHttpProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads any bytes as the configuration file, as YAML and as JSON5: a configuration, or mistakes that say
/// where they are; one sentence when it is neither.
public final class ConfigTarget {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "b", "OPENCLAW_GATEWAY_TOKEN", "a-token");

    private ConfigTarget() {}

    /// The folder that every input is written to, alone, so that it can include nothing but itself.
    private static final class Here {
        private static final Path FOLDER = temporary();

        private static Path temporary() {
            try {
                Path folder = Files.createTempDirectory("chela-fuzz");
                folder.toFile().deleteOnExit();
                return folder;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        one(Here.FOLDER.resolve("chela.yaml"), bytes);
        one(Here.FOLDER.resolve("openclaw.json"), bytes);
    }

    private static void one(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            ConfigFile read = ConfigFile.read(file, ENVIRONMENT, Here.FOLDER);
            read.located(read(read)).forEach(mistake -> Faults.checkWords(mistake, bytes));
            read.warnings().forEach(warning -> Faults.checkWords(warning, bytes));
        } catch (UsageException e) {
            Faults.checkWords(e.text(), bytes);
            Faults.check(e.exitCode() == Main.EXIT_FAILED, () -> "exits with " + e.exitCode());
        } finally {
            Files.delete(file);
        }
    }

    /// Reads as the start does, up to opening anything.
    private static List<String> read(ConfigFile file) {
        List<String> mistakes = new ArrayList<>(file.mistakes());
        Settings settings = Settings.of(file.config());
        GatewayConfig config = GatewayConfig.read(settings, file.config());
        var _ = AuthConfig.read(
                settings,
                config.agents(),
                config.bind(),
                new OwnSecrets.Sources(ENVIRONMENT, ENVIRONMENT.keySet(), Optional.empty(), mistakes));
        var _ = LogSettings.read(settings.at("logging"), Path.of("unused"));
        var _ = new OpenAiHttpProvider().read(settings);
        config.providers().forEach((id, provider) -> {
            var context =
                    new ExtensionContext(id, Settings.of(provider.config()), Path.of("unused"), Path.of("unused"));
            try {
                new OpenAiProvider().read(context);
            } catch (IllegalArgumentException e) {
                mistakes.add(String.valueOf(e.getMessage()));
            }
        });
        mistakes.addAll(settings.mistakes());
        return mistakes;
    }
}
