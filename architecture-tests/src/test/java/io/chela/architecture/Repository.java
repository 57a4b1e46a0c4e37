package io.chela.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The checkout these tests run in, and the modules its root pom names.
final class Repository {
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Repository() {}

    /// The folder that has `mvnw`: Maven runs tests in the module's own folder, an IDE perhaps elsewhere.
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no folder above this one has mvnw");
            }
        }
        return folder;
    }

    /// The folders of all modules with a descriptor, in the order of the root pom.
    static List<Path> moduleFolders() {
        String pom = COMMENT.matcher(read(root().resolve("pom.xml"))).replaceAll("");
        return MODULE.matcher(pom)
                .results()
                .map((MatchResult found) -> root().resolve(found.group(1)))
                .filter(folder -> Files.exists(folder.resolve("src/main/java/module-info.java")))
                .toList();
    }

    /// The compiled classes of all modules.
    static List<Path> classFolders() {
        List<Path> folders = moduleFolders().stream()
                .map(folder -> folder.resolve("target/classes"))
                .toList();
        for (Path folder : folders) {
            if (!Files.exists(folder.resolve("module-info.class"))) {
                throw new IllegalStateException(
                        folder + " has no module-info.class: build that module first, and name it in this pom");
            }
        }
        return folders;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
