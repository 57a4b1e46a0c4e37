package io.chela.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Gathers what is wrong with a file, each in one sentence with its path and its place.
public final class Mistakes {
    private final Path main;
    private final List<String> sentences = new ArrayList<>();
    private final Set<String> paths = new LinkedHashSet<>();

    /// @param main the file whose name need not be told
    public Mistakes(Path main) {
        this.main = main;
    }

    void add(String path, Place place, String reason) {
        paths.add(path);
        sentences.add((path.isEmpty() ? "" : path + ": ") + reason + " (" + place.in(main) + ")");
    }

    /// A mistake outside any tree, whose sentence names its place itself.
    void add(String sentence) {
        sentences.add(sentence);
    }

    public List<String> sentences() {
        return List.copyOf(sentences);
    }

    /// Where there is something wrong already.
    public Set<String> paths() {
        return Set.copyOf(paths);
    }

    /// The path of a member as people write it.
    static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
