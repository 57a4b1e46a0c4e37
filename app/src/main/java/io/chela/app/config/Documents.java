package io.chela.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads files into trees, YAML or JSON5 as their names say, and keeps count over all of them.
final class Documents {
    /// How many values all files together may have, those that an alias repeats counted each time.
    static final int MAX_VALUES = 100_000;

    /// How deep objects and lists may be within each other, in one file.
    static final int MAX_DEPTH = 50;

    private final Mistakes mistakes;
    private final Set<Path> files = new LinkedHashSet<>();
    private int values;

    Documents(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    Mistakes mistakes() {
        return mistakes;
    }

    /// Every file that was asked for, also those that could not be read.
    List<Path> files() {
        return new ArrayList<>(files);
    }

    /// @throws BadFileException when it cannot be read at all
    Value read(Path file) {
        String text = readText(file);
        return isJson(file) ? new Json5Tree(file, text, this).read() : new YamlTree(file, text, this).read();
    }

    /// Reads a file of JSON5, whatever its name.
    ///
    /// @throws BadFileException when it cannot be read at all
    Value readJson(Path file) {
        return new Json5Tree(file, readText(file), this).read();
    }

    /// Reads a file's text as it is.
    ///
    /// @throws BadFileException when it cannot be read at all
    String readText(Path file) {
        files.add(file);
        return TextFile.read(file);
    }

    private static boolean isJson(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".json") || name.endsWith(".json5") || name.endsWith(".jsonc");
    }

    /// Counts a value.
    ///
    /// @throws BadFileException when there are too many
    void count(Place place) {
        if (++values > MAX_VALUES) {
            throw new BadFileException(
                    place,
                    "more than " + MAX_VALUES + " values up to here; aliases and included files count each time");
        }
    }
}
