package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An image to put extensions into: its two programs are copies, the rest are links to the one
/// that was built.
record Extensible(Path image) {
    private static final List<String> LINKED = List.of("lib", "conf", "config", "api");

    static Extensible in(Path folder) throws IOException {
        Path image = folder.resolve("chela");
        Files.createDirectories(image.resolve("bin"));
        Files.createDirectory(image.resolve("modules"));
        for (String program : List.of("bin/chela", "bin/java")) {
            Files.copy(Launch.BUILT.resolve(program), image.resolve(program));
        }
        for (String part : LINKED) {
            Files.createSymbolicLink(image.resolve(part), Launch.BUILT.resolve(part));
        }
        return new Extensible(image);
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
