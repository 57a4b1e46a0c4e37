package io.chela.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The jars of one folder below `modules/`, as module layers: one for what speaks our contracts, and below it
/// one for the libraries it brings, so that these may bring versions of what we have, too.
final class ExtensionFolder {
    private static final ModuleLayer PROGRAM = ModuleLayer.boot();

    private final Path folder;
    private final List<ExtensionJar> jars;

    private ExtensionFolder(Path folder, List<ExtensionJar> jars) {
        this.folder = folder;
        this.jars = jars;
    }

    /// Tells whether what lies in `modules/` is an extension's folder. What begins with a dot is somebody else's,
    /// and files are left alone.
    ///
    /// @throws UsageException when it cannot be one, but was meant to be; the sentence names it
    static boolean is(Path entry) {
        String name = String.valueOf(entry.getFileName());
        if (Files.isDirectory(entry) || name.startsWith(".")) {
            return !name.startsWith(".");
        }
        if (name.endsWith(".jar")) {
            throw UsageException.failed("chela: " + entry + " lies beside the extensions' folders and is not looked at;"
                    + " give it a folder of its own, such as " + withoutEnding(entry) + "/" + name);
        }
        if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
            throw UsageException.failed(
                    "chela: " + entry + " is a link to something that is not there; repair or remove it");
        }
        return false;
    }

    private static String withoutEnding(Path jar) {
        return jar.toString().replaceFirst("\\.jar$", "");
    }

    /// What lies in a folder, by name.
    ///
    /// @throws UsageException when it cannot be read; the sentence names it
    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (AccessDeniedException _) {
            throw unlisted(folder, "permission denied");
        } catch (IOException | UncheckedIOException e) {
            throw unlisted(folder, String.valueOf(e.getMessage()));
        }
    }

    private static UsageException unlisted(Path folder, String why) {
        return UsageException.failed("chela: " + folder + " cannot be read (" + why
                + "); let the user that runs chela read it, or remove it");
    }

    /// Why the extension in this folder cannot be used.
    ///
    /// @param why what was found, and behind a semicolon what to do
    static UsageException fault(Path folder, String why) {
        return UsageException.failed(
                "chela: the extension in " + folder + " cannot be loaded: " + why + ", or remove the folder");
    }

    /// Loads the jars of a folder.
    ///
    /// @throws UsageException when it cannot; the sentence names the folder and what to do
    static ModuleLayer load(Path folder) {
        var found = new ExtensionFolder(
                folder,
                list(folder).stream()
                        .filter(file -> file.toString().endsWith(".jar"))
                        .map(file -> ExtensionJar.read(folder, file))
                        .filter(jar -> !Contracts.are(jar.name()))
                        .toList());
        found.refuseNothing();
        found.refuseTwoVersions();
        try {
            return found.layer();
        } catch (FindException | ResolutionException | LayerInstantiationException | SecurityException e) {
            throw fault(folder, found.diagnosis(e));
        }
    }

    private void refuseNothing() {
        if (jars.isEmpty()) {
            throw fault(folder, "there is no jar in it; copy the extension's jars there");
        }
        if (jars.stream().noneMatch(jar -> Contracts.provides(jar.descriptor()))) {
            throw fault(
                    folder,
                    "no jar in it provides one; write `provides io.chela.api.spi.ModelProvider with …;` in the"
                            + " module-info.java of " + jars.getFirst());
        }
    }

    private void refuseTwoVersions() {
        Map<String, ExtensionJar> byName = new HashMap<>();
        for (ExtensionJar jar : jars) {
            ExtensionJar other = byName.putIfAbsent(jar.name(), jar);
            if (other != null) {
                throw fault(
                        folder, other + " and " + jar + " are both the module " + jar.name() + "; keep one of them");
            }
        }
    }

    private ModuleLayer layer() {
        Set<String> ours = speakers();
        List<ExtensionJar> libraries =
                jars.stream().filter(jar -> !ours.contains(jar.name())).toList();
        List<ModuleLayer> below = new ArrayList<>(List.of(PROGRAM));
        if (!libraries.isEmpty()) {
            var finder =
                    new Modules(libraries.stream().map(ExtensionJar::module).toList());
            below.addFirst(define(finder, List.of(PROGRAM), ClassLoader.getPlatformClassLoader()));
        }
        Set<String> brought = names(libraries);
        return define(
                new Modules(jars.stream()
                        .filter(jar -> ours.contains(jar.name()))
                        .map(jar -> Contracts.withoutOwn(jar.module(), brought))
                        .toList()),
                below,
                ClassLoader.getSystemClassLoader());
    }

    private static ModuleLayer define(Modules modules, List<ModuleLayer> below, ClassLoader loader) {
        Configuration configuration = Configuration.resolveAndBind(
                modules, below.stream().map(ModuleLayer::configuration).toList(), ModuleFinder.of(), modules.names());
        return ModuleLayer.defineModulesWithOneLoader(configuration, below, loader)
                .layer();
    }

    /// The modules that speak our contracts: what requires or provides one, and what requires such a module.
    private Set<String> speakers() {
        Set<String> speakers = new HashSet<>();
        boolean more = true;
        while (more) {
            more = jars.stream()
                            .filter(jar -> Contracts.provides(jar.descriptor())
                                    || jar.needs().anyMatch(name -> Contracts.are(name) || speakers.contains(name)))
                            .filter(jar -> speakers.add(jar.name()))
                            .count()
                    > 0;
        }
        return speakers;
    }

    private static Set<String> names(List<ExtensionJar> jars) {
        return Set.copyOf(jars.stream().map(ExtensionJar::name).toList());
    }

    private String diagnosis(RuntimeException e) {
        return missing()
                .or(this::split)
                .or(this::twice)
                .orElseGet(() -> e.getMessage() + "; take out the jars that do not belong together");
    }

    private Optional<String> missing() {
        Set<String> there = names(jars);
        return jars.stream()
                .flatMap(jar -> jar.needs()
                        .filter(name -> !there.contains(name)
                                && PROGRAM.findModule(name).isEmpty())
                        .sorted()
                        .map(name -> jar + " requires the module " + name
                                + (name.matches("(java|jdk)\\..*")
                                        ? ", which is left out of this program's Java; do without it"
                                        : ", which is neither in the folder nor in this program; copy its jar there")))
                .findFirst();
    }

    private Optional<String> split() {
        Map<String, ExtensionJar> byPackage = new HashMap<>();
        for (ExtensionJar jar : jars) {
            for (String name : jar.descriptor().packages()) {
                ExtensionJar other = byPackage.putIfAbsent(name, jar);
                if (other != null) {
                    return Optional.of(other + " and " + jar + " both have the package " + name + "; keep one of them");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> twice() {
        List<ExtensionJar> known = jars.stream()
                .filter(jar -> PROGRAM.findModule(jar.name()).isPresent())
                .toList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of("one of its modules would see two versions of "
                        + known.getFirst().name()
                        + ", this program's and the folder's; take out "
                        + String.join(
                                ", ", known.stream().map(ExtensionJar::toString).toList()));
    }
}
