package io.chela.app;

import io.chela.api.spi.Extension;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.StoreProvider;
import io.chela.app.models.Catalogue;
import io.chela.edge.FeatureProvider;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every extension there is: those in the image, and one module layer for each folder below `modules/`.
///
/// A layer of its own keeps an extension's dependencies and their versions to itself, lets automatic modules
/// in,
/// and keeps the
/// image's module path, and with it its AOT cache, as it was. The only place that looks services up.
final class Extensions {
    /// An extension and where it was found: `image`, or the name of its folder.
    record Found<T extends Extension>(T provider, String origin) {}

    private final List<Found<ModelProvider>> models = new ArrayList<>();
    private final List<Found<StoreProvider>> stores = new ArrayList<>();
    private final List<Found<FeatureProvider>> features = new ArrayList<>();

    private Extensions() {}

    /// Loads what is in the image, and what is in each folder below the given one, if there is one.
    ///
    /// @throws UsageException when a folder cannot be loaded, or two extensions have one type; the sentence
    ///     names
    ///     them
    static Extensions load(Optional<Path> folders) {
        var extensions = new Extensions();
        extensions.add(ModuleLayer.boot(), "image");
        for (Path folder : folders.map(Extensions::below).orElse(List.of())) {
            extensions.add(layer(folder), folder.getFileName().toString());
        }
        refuseTwins(extensions.models);
        refuseTwins(extensions.stores);
        refuseTwins(extensions.features);
        return extensions;
    }

    /// `modules/` beside the launcher's `bin/`; empty when the program does not run from an image.
    static Optional<Path> inImage() {
        return home().map(home -> home.resolve("modules")).filter(Files::isDirectory);
    }

    /// The folder of the image; empty when the program does not run from one.
    static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty("chela.home")).map(Path::of);
    }

    /// The models that can be fetched by name; none when the program does not run from an image.
    ///
    /// @throws UsageException when the image's file of them is no catalogue
    static Catalogue catalogue() {
        Path file = home().map(home -> home.resolve("config/models.yaml")).orElse(Path.of(""));
        try {
            return home().isPresent() ? Catalogue.read(file) : new Catalogue(List.of());
        } catch (IllegalArgumentException e) {
            throw UsageException.failed("chela: " + file + " has a mistake: " + e.getMessage());
        }
    }

    private static List<Path> below(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw UsageException.failed(
                    "chela: the extensions' folder " + folder + " cannot be read: " + e.getMessage());
        }
    }

    private static ModuleLayer layer(Path folder) {
        try {
            ModuleFinder finder = ModuleFinder.of(folder);
            List<String> names = finder.findAll().stream()
                    .map(ModuleReference::descriptor)
                    .map(java.lang.module.ModuleDescriptor::name)
                    .toList();
            Configuration configuration =
                    ModuleLayer.boot().configuration().resolveAndBind(finder, ModuleFinder.of(), names);
            return ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader());
        } catch (FindException | ResolutionException | LayerInstantiationException | SecurityException e) {
            throw unloadable(folder.getFileName().toString(), e);
        }
    }

    private void add(ModuleLayer layer, String origin) {
        try {
            models.addAll(in(layer, origin, ServiceLoader.load(layer, ModelProvider.class)));
            stores.addAll(in(layer, origin, ServiceLoader.load(layer, StoreProvider.class)));
            features.addAll(in(layer, origin, ServiceLoader.load(layer, FeatureProvider.class)));
        } catch (ServiceConfigurationError e) {
            throw unloadable(origin, e);
        }
    }

    /// A loader of a layer sees its parents' services too: only the layer's own count.
    private static <T extends Extension> List<Found<T>> in(ModuleLayer layer, String origin, ServiceLoader<T> loader) {
        return loader.stream()
                .filter(provider -> layer.equals(provider.type().getModule().getLayer()))
                .map(provider -> new Found<>(provider.get(), origin))
                .toList();
    }

    private static UsageException unloadable(String origin, Throwable e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return UsageException.failed("chela: the extension in modules/" + origin + " cannot be loaded ("
                + reason.getMessage() + "); repair or remove that folder");
    }

    private static <T extends Extension> void refuseTwins(List<Found<T>> found) {
        found.stream()
                .collect(Collectors.groupingBy(one -> one.provider().type()))
                .forEach((type, all) -> {
                    if (all.size() > 1) {
                        throw UsageException.failed("chela: two extensions are of the type '" + type + "': in "
                                + all.stream().map(Found::origin).collect(Collectors.joining(" and "))
                                + "; remove one");
                    }
                });
    }

    List<Found<ModelProvider>> models() {
        return List.copyOf(models);
    }

    List<Found<StoreProvider>> stores() {
        return List.copyOf(stores);
    }

    List<Found<FeatureProvider>> features() {
        return List.copyOf(features);
    }

    boolean hasModel(String type) {
        return models.stream().anyMatch(found -> found.provider().type().equals(type));
    }

    /// @throws IllegalArgumentException when there is none; the message names those there are
    ModelProvider model(String type) {
        return find(models, type);
    }

    /// @throws IllegalArgumentException when there is none; the message names those there are
    StoreProvider store(String type) {
        return find(stores, type);
    }

    private static <T extends Extension> T find(List<Found<T>> found, String type) {
        return found.stream()
                .map(Found::provider)
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no extension is of the type '" + type + "', only "
                        + found.stream()
                                .map(one -> one.provider().type())
                                .sorted()
                                .collect(Collectors.joining(", "))));
    }
}
