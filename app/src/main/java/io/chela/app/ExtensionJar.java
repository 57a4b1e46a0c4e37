package io.chela.app;

import java.lang.module.FindException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/// One jar in an extension's folder, and the module that it is.
record ExtensionJar(Path file, ModuleReference module) {
    /// @throws UsageException when it is no module; the sentence names the folder and the jar
    static ExtensionJar read(Path folder, Path file) {
        if (!Files.isReadable(file)) {
            throw unusable(folder, file, "cannot be read; let the user that runs chela read it");
        }
        try {
            return ModuleFinder.of(file).findAll().stream()
                    .findFirst()
                    .map(module -> new ExtensionJar(file, module))
                    .orElseThrow(() -> unusable(folder, file, "is no jar; copy it again"));
        } catch (FindException e) {
            throw unusable(folder, file, reason(e));
        }
    }

    private static UsageException unusable(Path folder, Path file, String why) {
        return ExtensionFolder.fault(folder, file.getFileName() + " " + why);
    }

    private static String reason(FindException e) {
        Throwable cause = Stream.iterate((Throwable) e, at -> at != null, Throwable::getCause)
                .reduce((_, last) -> last)
                .orElseThrow();
        return switch (cause) {
            case ZipException _ -> "is no jar, or only a part of one; copy it again";
            case InvalidModuleDescriptorException _ ->
                LoadFailure.newerJava(cause).orElse("has a module-info.class that is not valid; build it again");
            case IllegalArgumentException _ ->
                "has no module-info, and no module can have its name; give it a name such as my-library-1.0.jar";
            default -> "cannot be read (" + cause.getMessage() + "); copy it again";
        };
    }

    ModuleDescriptor descriptor() {
        return module.descriptor();
    }

    String name() {
        return descriptor().name();
    }

    /// The names of the modules it cannot do without.
    Stream<String> needs() {
        return descriptor().requires().stream()
                .filter(requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name);
    }

    @Override
    public String toString() {
        return String.valueOf(file.getFileName());
    }
}
