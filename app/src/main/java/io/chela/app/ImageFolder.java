package io.chela.app;

import io.chela.app.models.Catalogue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The folder of the image that the program runs from.
final class ImageFolder {
    private ImageFolder() {}

    /// Where it is; empty when the program does not run from an image.
    static Optional<Path> find() {
        return Optional.ofNullable(System.getProperty("chela.home")).map(Path::of);
    }

    /// The models that can be fetched by name; none without an image.
    ///
    /// @throws UsageException when the image's file of them is no catalogue
    static Catalogue catalogue() {
        return find().map(home -> home.resolve("config/models.yaml"))
                .map(ImageFolder::read)
                .orElse(new Catalogue(List.of()));
    }

    private static Catalogue read(Path file) {
        try {
            return Catalogue.read(file);
        } catch (IllegalArgumentException e) {
            throw UsageException.failed("chela: " + file + " has a mistake: " + e.getMessage());
        }
    }
}
