package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An image to put extensions into: the one that was built, its files linked where that is possible, its `modules`
/// empty.
record Extensible(Path image) {
    static Extensible in(Path folder) throws IOException {
        Path image = folder.resolve("chela");
        Path extensions = Launch.BUILT.resolve("modules");
        try (Stream<Path> files = Files.walk(Launch.BUILT)) {
            for (Path file : files.filter(file -> !file.startsWith(extensions)).toList()) {
                Path here = image.resolve(Launch.BUILT.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectory(here);
                } else {
                    link(file, here);
                }
            }
        }
        Files.createDirectory(image.resolve("modules"));
        return new Extensible(image);
    }

    private static void link(Path file, Path here) throws IOException {
        try {
            Files.createLink(here, file);
        } catch (IOException | UnsupportedOperationException _) { // another disk
            Files.copy(file, here, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /// An extension's folder.
    Path folder(String name) throws IOException {
        return Files.createDirectories(image.resolve("modules").resolve(name));
    }

    /// The `bin` of the JDK that runs this test.
    static Path jdk() {
        return Path.of(System.getProperty("java.home"), "bin");
    }

    /// Compiles sources against the image and the jars that are in the folder, and puts them there as a jar.
    void module(String folder, String name, String... sources) throws IOException, InterruptedException {
        Path made = Files.createTempDirectory(image.getParent(), name);
        Path target = folder(folder);
        List<String> javac = new ArrayList<>(List.of(
                jdk().resolve("javac").toString(), "--system", image.toString(), "--module-path", target.toString()));
        javac.addAll(List.of("-d", made.resolve("classes").toString()));
        for (int i = 0; i < sources.length; i++) {
            String file = i == 0 ? "module-info.java" : sources[i].replaceFirst("(?s).*?class (\\w+).*", "$1.java");
            javac.add(Files.writeString(made.resolve(file), sources[i]).toString());
        }
        run(javac);
        run(List.of(
                jdk().resolve("jar").toString(),
                "--create",
                "--file=" + target.resolve(name + ".jar"),
                "-C",
                made.resolve("classes").toString(),
                "."));
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Ended ended = Program.in(image, command.toArray(String[]::new)).run();
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    }
}
