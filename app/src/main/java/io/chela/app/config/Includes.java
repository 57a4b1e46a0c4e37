package io.chela.app.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts in what `$include` names: one file, or a list of files of which the later lie over the earlier; what
/// stands beside `$include` lies over both.
///
/// A file is named relative to the one that includes it, and is in the folder of the first one or below, or
/// in a folder of `OPENCLAW_INCLUDE_ROOTS`. Source: OpenClaw, "Config includes".
final class Includes {
    static final String KEY = "$include";
    static final String ROOTS = "OPENCLAW_INCLUDE_ROOTS";

    /// How many files may include each other.
    static final int MAX_DEPTH = 10;

    /// How often a file is included, all told.
    static final int MAX_INCLUDED = 100;

    private final Documents documents;
    private final Mistakes mistakes;
    private final List<Path> roots;
    private int included;

    Includes(Documents documents, Path main, Map<String, String> environment) {
        this.documents = documents;
        this.mistakes = documents.mistakes();
        this.roots = Stream.concat(
                        Stream.of(folder(main)),
                        Stream.of(environment.getOrDefault(ROOTS, "").split(File.pathSeparator, -1))
                                .filter(root -> !root.isBlank())
                                .map(Path::of)
                                .filter(Path::isAbsolute))
                .map(Includes::real)
                .toList();
    }

    /// @param chain the files that include each other, this one last
    Value expand(String path, Value value, List<Path> chain) {
        return switch (value) {
            case Value.Text text -> text;
            case Value.Items(var place, var items) -> {
                List<Value> all = new ArrayList<>();
                for (Value item : items) {
                    all.add(expand(path + "[" + all.size() + "]", item, chain));
                }
                yield new Value.Items(place, all);
            }
            case Value.Members members -> members(path, members, chain);
        };
    }

    private Value members(String path, Value.Members members, List<Path> chain) {
        Map<String, Value.Member> own = new LinkedHashMap<>();
        members.without(KEY)
                .members()
                .forEach((name, member) -> own.put(
                        name,
                        new Value.Member(member.place(), expand(Mistakes.below(path, name), member.value(), chain))));
        var rest = new Value.Members(members.place(), own);
        Value.Member include = members.members().get(KEY);
        if (include == null) {
            return rest;
        }
        List<Value> names = include.value() instanceof Value.Items(var _, var items) ? items : List.of(include.value());
        Optional<Value> all =
                names.stream().flatMap(name -> file(path, name, chain).stream()).reduce(Value::merged);
        if (all.isPresent() && !own.isEmpty() && !(all.get() instanceof Value.Members)) {
            mistakes.add(path, include.place(), "$include names a file without keys, which nothing can stand beside");
            return rest;
        }
        return all.map(value -> own.isEmpty() ? value : Value.merged(value, rest))
                .orElse(rest);
    }

    private Optional<Value> file(String path, Value name, List<Path> chain) {
        if (!(name instanceof Value.Text(var place, var text, var _))) {
            mistakes.add(path, name.place(), "$include must name a file, or list files");
            return Optional.empty();
        }
        try {
            Path file = folder(chain.getLast()).resolve(text).normalize();
            refuse(file, text, chain);
            List<Path> longer = Stream.concat(chain.stream(), Stream.of(file)).toList();
            return Optional.of(expand(path, documents.read(file), longer));
        } catch (BadFileException e) {
            mistakes.add(path, place, "the included file " + text + " " + e.reason());
        } catch (InvalidPathException _) {
            mistakes.add(path, place, "$include must name a file, or list files");
        }
        return Optional.empty();
    }

    private void refuse(Path file, String text, List<Path> chain) {
        if (chain.contains(file)) {
            throw new BadFileException("includes itself");
        }
        if (chain.size() > MAX_DEPTH) {
            throw new BadFileException("is included over more than " + MAX_DEPTH + " files");
        }
        if (++included > MAX_INCLUDED) {
            throw new BadFileException("is one too many; at most " + MAX_INCLUDED + " are included");
        }
        Path real = real(file);
        if (text.isBlank() || roots.stream().noneMatch(real::startsWith)) {
            throw new BadFileException(
                    "is outside the folder of the configuration; move it there, or name its folder in " + ROOTS);
        }
    }

    private static Path folder(Path file) {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    }

    /// Without symbolic links, as far as it exists.
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }
}
