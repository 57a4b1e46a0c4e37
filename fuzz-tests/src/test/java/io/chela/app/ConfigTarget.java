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

/// Reads any bytes as the configuration file: a configuration, or mistakes that say where they are; one
/// sentence when it is no YAML.
public final class ConfigTarget {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "b", "OPENCLAW_GATEWAY_TOKEN", "a-token");

    private ConfigTarget() {}

    /// The file that every input is written to.
    private static final class One {
        private static final Path FILE = temporary();

        private static Path temporary() {
            try {
                Path file = Files.createTempFile("chela-fuzz", ".yaml");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Files.write(One.FILE, bytes);
        try {
            read(ConfigFile.read(One.FILE, ENVIRONMENT, One.FILE.resolveSibling("unused"))).forEach(mistake -> Faults.checkWords(mistake, bytes));
        } catch (UsageException e) {
            Faults.checkWords(e.text(), bytes);
            Faults.check(e.exitCode() == Main.EXIT_FAILED, () -> "exits with " + e.exitCode());
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
                new OwnSecrets.Sources(ENVIRONMENT, Optional.empty(), mistakes));
        var _ = LogSettings.read(settings.at("logging"));
        var _ = new OpenAiHttpProvider().read(settings);
        config.providers().forEach((id, provider) -> {
            try (var _ = new OpenAiProvider()
                    .create(new ExtensionContext(id, provider.config(), Path.of("unused"), Path.of("unused")))) {
                // good
            } catch (IllegalArgumentException e) {
                mistakes.add(String.valueOf(e.getMessage()));
            }
        });
        mistakes.addAll(settings.mistakes());
        return mistakes;
    }
}
