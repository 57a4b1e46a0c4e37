package io.chela.app.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What is in the models folder.
///
/// A link counts as the file that it leads to: tools that keep models link them.
///
/// @param models those that can be asked, the newest first
/// @param notes sentences about files that look like models and cannot be used
public record ModelsFolder(List<LocalModel> models, List<String> notes) {
    /// How many files are looked at.
    static final int MAX_FILES = 1_000;

    static final String SUFFIX = ".gguf";

    private static final Comparator<LocalModel> NEWEST_FIRST =
            Comparator.comparing(LocalModel::changed).reversed().thenComparing(LocalModel::id);

    public ModelsFolder {
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }

    /// Looks into a folder, which may be missing.
    public static ModelsFolder read(Path folder) {
        List<LocalModel> models = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Path file : files(folder, notes)) {
            look(file, models, notes);
        }
        models.sort(NEWEST_FIRST);
        return new ModelsFolder(models, notes);
    }

    private static List<Path> files(Path folder, List<String> notes) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(SUFFIX))
                    .limit(MAX_FILES)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            notes.add("the models folder " + folder + " cannot be read (" + Disk.reason(e)
                    + "): make it readable, or choose another one with CHELA_MODELS_DIR");
            return List.of();
        }
    }

    private static void look(Path file, List<LocalModel> models, List<String> notes) {
        String name = clean(file);
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            notes.add("the model file " + name + " is a link to nothing: repair or remove it");
            return;
        }
        if (!Files.isRegularFile(file)) {
            return; // a folder, or something that must not be read, such as a pipe
        }
        switch (GgufFile.read(file)) {
            case GgufFile.Sound(long bytes) -> add(file, bytes, models, notes);
            case GgufFile.Other(String what) -> notes.add("the model file " + name + " " + what);
            case GgufFile.Unsound(String why) -> notes.add("the model file " + name + " " + why);
        }
    }

    private static void add(Path file, long bytes, List<LocalModel> models, List<String> notes) {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - SUFFIX.length());
        if (id.isBlank() || !clean(file).equals(file.toString())) {
            notes.add("the model file " + clean(file) + " has no name that can be written: rename it");
            return;
        }
        try {
            models.add(new LocalModel(
                    id, file, bytes, Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException _) {
            // it was removed this moment
        }
    }

    /// A path without what would steer a terminal.
    private static String clean(Path path) {
        return path.toString()
                .codePoints()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
