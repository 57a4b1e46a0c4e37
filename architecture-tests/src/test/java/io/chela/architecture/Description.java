package io.chela.architecture;

import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A module descriptor as `jar --describe-module` prints it, without versions and places, each kind of line sorted.
record Description(ModuleDescriptor module) {
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add((module.isOpen() ? "open " : "") + module.name());
        addSorted(lines, module.exports(), Description::exported);
        addSorted(
                lines, module.requires(), requires -> "requires " + requires.name() + modifiers(requires.modifiers()));
        addSorted(lines, module.uses(), service -> "uses " + service);
        addSorted(
                lines,
                module.provides(),
                provides -> "provides " + provides.service() + " with " + String.join(" ", provides.providers()));
        addSorted(lines, module.opens(), Description::opened);
        addSorted(lines, concealed().toList(), name -> "contains " + name);
        return String.join("\n", lines) + "\n";
    }

    private static <T> void addSorted(List<String> lines, Collection<T> all, Function<T, String> line) {
        all.stream().map(line).sorted().forEach(lines::add);
    }

    private static String exported(ModuleDescriptor.Exports exports) {
        return exports.isQualified()
                ? "qualified exports " + exports.source() + " to " + sorted(exports.targets())
                : "exports " + exports.source();
    }

    private static String opened(ModuleDescriptor.Opens opens) {
        return opens.isQualified()
                ? "qualified opens " + opens.source() + " to " + sorted(opens.targets())
                : "opens " + opens.source();
    }

    private static String sorted(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(" "));
    }

    private static String modifiers(Set<ModuleDescriptor.Requires.Modifier> modifiers) {
        return modifiers.stream()
                .map(modifier -> " " + modifier.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining());
    }

    /// The packages nobody outside sees.
    private Stream<String> concealed() {
        Set<String> shown = Stream.concat(
                        module.exports().stream().map(ModuleDescriptor.Exports::source),
                        module.opens().stream().map(ModuleDescriptor.Opens::source))
                .collect(Collectors.toSet());
        return module.packages().stream().filter(name -> !shown.contains(name));
    }
}
