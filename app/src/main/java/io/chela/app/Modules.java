package io.chela.app;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finds these modules and no others.
final class Modules implements ModuleFinder {
    private final Map<String, ModuleReference> byName;

    Modules(List<ModuleReference> modules) {
        byName = modules.stream()
                .collect(Collectors.toUnmodifiableMap(
                        module -> module.descriptor().name(), Function.identity()));
    }

    Set<String> names() {
        return byName.keySet();
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(byName.values());
    }
}
