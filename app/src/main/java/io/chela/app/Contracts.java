package io.chela.app;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.HashSet;
import java.util.Set;

/// What an extension shares with the program: our own modules, and the modules that their signatures speak
/// of.
final class Contracts {
    private static final String OURS = "io.chela.";

    private Contracts() {}

    /// Tells whether the program has this module, and it is ours.
    static boolean are(String module) {
        return module.startsWith(OURS) && ModuleLayer.boot().findModule(module).isPresent();
    }

    /// Tells whether a module provides one of our services.
    static boolean provides(ModuleDescriptor module) {
        return module.provides().stream()
                .anyMatch(provides -> provides.service().startsWith(OURS));
    }

    /// The same module without those of its `requires` that our contracts imply, where its folder brings
    /// them, too: of these it takes the program's, since two versions of one type in one signature are no
    /// type at all.
    static ModuleReference withoutOwn(ModuleReference module, Set<String> brought) {
        Set<String> implied = new HashSet<>();
        module.descriptor().requires().stream()
                .map(Requires::name)
                .filter(Contracts::are)
                .forEach(name -> imply(name, implied));
        implied.retainAll(brought);
        return implied.isEmpty() || module.descriptor().isAutomatic() ? module : without(module, implied);
    }

    private static void imply(String module, Set<String> implied) {
        ModuleLayer.boot().findModule(module).map(Module::getDescriptor).stream()
                .flatMap(descriptor -> descriptor.requires().stream())
                .filter(requires -> requires.modifiers().contains(Requires.Modifier.TRANSITIVE))
                .filter(requires -> implied.add(requires.name()))
                .forEach(requires -> imply(requires.name(), implied));
    }

    private static ModuleReference without(ModuleReference module, Set<String> names) {
        ModuleDescriptor whole = module.descriptor();
        ModuleDescriptor.Builder less = ModuleDescriptor.newModule(whole.name(), whole.modifiers());
        whole.requires().stream()
                .filter(requires -> !names.contains(requires.name()))
                .forEach(less::requires);
        whole.exports().forEach(less::exports);
        whole.opens().forEach(less::opens);
        whole.uses().forEach(less::uses);
        whole.provides().forEach(less::provides);
        whole.rawVersion().ifPresent(less::version);
        less.packages(whole.packages());
        return new ModuleReference(less.build(), module.location().orElse(null)) {
            @Override
            public ModuleReader open() throws IOException {
                return module.open();
            }
        };
    }
}
