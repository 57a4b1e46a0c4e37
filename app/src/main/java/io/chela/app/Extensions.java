package io.chela.app;

import io.chela.api.spi.Extension;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.StoreProvider;
import io.chela.edge.FeatureProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Every extension there is: those in the image, and those of each folder below `modules/`.
///
/// Module layers of its own keep an extension's dependencies and their versions to itself, let automatic
/// modules in, and keep the image's module path, and with it its AOT cache, as it was. The only place that
/// looks services up.
final class Extensions {
    static final String IMAGE = "image";

    /// An extension and where it was found.
    ///
    /// @param module the name of its module
    /// @param version of its module; empty when the jar does not say
    /// @param origin `image`, or `modules/` and the name of its folder
    record Found<T extends Extension>(T provider, String module, Optional<String> version, String origin) {}

    private final List<Found<ModelProvider>> models = new ArrayList<>();
    private final List<Found<StoreProvider>> stores = new ArrayList<>();
    private final List<Found<FeatureProvider>> features = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Extensions() {}

    /// Loads what is in the image, and what is in each folder below the given one, if there is one.
    ///
    /// @throws UsageException when a folder cannot be loaded, or two extensions have one type: a sentence for
    ///     each
    static Extensions load(Optional<Path> folders) {
        Extensions extensions = find(folders);
        if (!extensions.faults.isEmpty()) {
            throw UsageException.failed(String.join("\n", extensions.faults));
        }
        return extensions;
    }

    /// Loads what can be loaded, and keeps what is wrong with the rest as [#faults].
    static Extensions find(Optional<Path> folders) {
        var extensions = new Extensions();
        extensions.add(ModuleLayer.boot(), IMAGE);
        folders.ifPresent(modules -> extensions.trying(() -> ExtensionFolder.list(modules)
                .forEach(entry -> extensions.trying(() -> extensions.addIfFolder(entry)))));
        extensions.findTwins(extensions.models);
        extensions.findTwins(extensions.stores);
        extensions.findTwins(extensions.features);
        return extensions;
    }

    /// `modules/` beside the launcher's `bin/`; empty when the program does not run from an image.
    static Optional<Path> inImage() {
        return ImageFolder.find().map(home -> home.resolve("modules")).filter(Files::exists);
    }

    private void trying(Runnable load) {
        try {
            load.run();
        } catch (UsageException e) {
            faults.add(e.text());
        }
    }

    private void addIfFolder(Path folder) {
        if (!ExtensionFolder.is(folder)) {
            return;
        }
        ModuleLayer layer = ExtensionFolder.load(folder);
        try {
            add(layer, "modules/" + folder.getFileName());
        } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
            throw ExtensionFolder.fault(folder, LoadFailure.words(e) + "; take another version of it");
        }
    }

    private void add(ModuleLayer layer, String origin) {
        String where = place(origin);
        models.addAll(
                in(layer, ServiceLoader.load(layer, ModelProvider.class), origin, one -> Guards.model(one, where)));
        stores.addAll(
                in(layer, ServiceLoader.load(layer, StoreProvider.class), origin, one -> Guards.store(one, where)));
        features.addAll(
                in(layer, ServiceLoader.load(layer, FeatureProvider.class), origin, one -> Guards.door(one, where)));
    }

    /// A loader of a layer sees its parents' services too: only the layer's own count.
    private static <T extends Extension> List<Found<T>> in(
            ModuleLayer layer, ServiceLoader<T> services, String origin, UnaryOperator<T> guard) {
        return services.stream()
                .filter(service -> layer.equals(service.type().getModule().getLayer()))
                .map(service -> {
                    var module = service.type().getModule().getDescriptor();
                    return new Found<>(guard.apply(service.get()), module.name(), module.rawVersion(), origin);
                })
                .toList();
    }

    private <T extends Extension> void findTwins(List<Found<T>> found) {
        found.stream()
                .collect(Collectors.groupingBy(one -> one.provider().type(), TreeMap::new, Collectors.toList()))
                .forEach((type, all) -> {
                    if (all.size() > 1) {
                        faults.add("chela: two extensions are of the type '" + type + "', "
                                + all.stream()
                                        .map(one -> one.module() + " in " + place(one.origin()))
                                        .collect(Collectors.joining(" and "))
                                + "; remove a folder, or give yours another type()");
                    }
                });
    }

    private static String place(String origin) {
        return origin.equals(IMAGE) ? "the image" : origin;
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

    /// What is wrong with the folders, a sentence each.
    List<String> faults() {
        return List.copyOf(faults);
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
