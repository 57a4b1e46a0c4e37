package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// A jar that is compiled from sources of a test, beside the jars of its folder, against this program's modules.
final class SourceJar {
    private static final int MAJOR_VERSION = 7; // the byte of a class file

    /// Compiling takes half a second.
    private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

    private SourceJar() {}

    /// A provider of models of this type; its module is called like its package.
    ///
    /// @param more members of its class
    static void provider(Path jar, String name, String type, String more) throws IOException {
        Files.createDirectories(jar.resolveSibling("."));
        byte[] known = MADE.get(name + type + more);
        if (known == null) {
            make(jar, providerModule(name), providerClass(name, type, more));
            MADE.put(name + type + more, Files.readAllBytes(jar));
        } else {
            Files.write(jar, known);
        }
    }

    static String providerModule(String name) {
        return "module " + name + " { requires io.chela.api; provides io.chela.api.spi.ModelProvider with " + name
                + ".Provider; }";
    }

    static String providerClass(String name, String type, String more) {
        return """
                package %s;
                import io.chela.api.spi.*;
                                public class Provider implements ModelProvider {
                    @Override public String type() { return %s; }
                    @Override public Models create(ExtensionContext context) { return null; }
                    %s
                }
                """.formatted(name, type, more);
    }

    /// Compiles these sources and packs them.
    static Path make(Path jar, String... sources) throws IOException {
        Files.createDirectories(jar.getParent());
        Path made = Files.createTempDirectory(jar.resolveSibling("."), ".made");
        List<String> command =
                new ArrayList<>(List.of("-d", made + "/classes", "--module-path", path(jar), "-proc:none"));
        for (String source : sources) {
            command.add(write(made, source).toString());
        }
        run("javac", command.toArray(String[]::new));
        run("jar", "--create", "--file", jar.toString(), "-C", made + "/classes", ".");
        return jar;
    }

    private static void run(String tool, String... arguments) {
        var said = new StringWriter();
        var out = new PrintWriter(said);
        int exit = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
        assertThat(exit).as(said.toString()).isZero();
    }

    private static String path(Path jar) throws IOException {
        try (Stream<Path> beside = Files.list(jar.getParent())) {
            return Stream.concat(beside.map(Path::toString), Stream.of(System.getProperty("jdk.module.path")))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /// Changes the jar: without its module-info, or with entries of the given name made for the next Java.
    static void rewrite(Path jar, String without, String forTheNextJava, String... added) throws IOException {
        var entries = new ArrayList<String>();
        Path old = Files.move(jar, jar.resolveSibling("old"));
        try (var in = new ZipFile(old.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (ZipEntry entry :
                    in.stream().filter(one -> !one.getName().equals(without)).toList()) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                if (entry.getName().equals(forTheNextJava)) {
                    bytes[MAJOR_VERSION]++;
                }
                entries.add(entry.getName());
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(bytes);
            }
            if (added.length == 2) {
                out.putNextEntry(new ZipEntry(added[0]));
                out.write(added[1].getBytes(UTF_8));
            }
        }
        Files.delete(old);
        assertThat(entries).isNotEmpty();
    }

    private static Path write(Path folder, String source) throws IOException {
        String name = source.startsWith("module ")
                ? "module-info"
                : source.replaceFirst("(?s).*?(?:class|interface|record) (\\w+).*", "$1");
        return Files.writeString(folder.resolve(name + ".java"), source);
    }
}
