package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An extension is made outside of this build, dropped into an image, and used; docs/extending.md is taken at
/// its word.
class ExtendingTest {
    private static final Path PAGE =
            Path.of("../docs/extending.md").toAbsolutePath().normalize();
    private static final Path OTHER_VERSIONS = Path.of("target/other-versions").toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:sh)?$\\n(.*?)^```$");
    private static final String NOBODY = "65534";

    @TempDir
    private Path folder = Path.of("unset");

    private static List<String> blocks() {
        return BLOCK.matcher(Patience.read(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /// With a JDK 25 first on the path, a home of its own, and any free port.
    private Program shell(String script) {
        return Program.in(folder, "sh", "-e", "-c", script)
                .with(Map.of("PATH", Extensible.jdk() + ":/usr/bin:/bin", "OPENCLAW_GATEWAY_PORT", "0"));
    }

    private Ended typed(String script) throws Exception {
        Ended ended = shell(script).run();
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        return ended;
    }

    @Test
    void thePageIsTrueToTheLetter() throws Exception {
        List<String> blocks = blocks();
        String unpack = blocks.getFirst().lines().findFirst().orElseThrow();
        assertThat(unpack).startsWith("tar -xzf chela-");
        Extensible.in(folder); // as the archive unpacks, which ImageTest shows
        Ended built = typed(blocks.get(0).substring(unpack.length()));
        assertThat(built.out()).contains(blocks.get(1).strip());

        String start = "chela/bin/chela gateway --config hello.yaml";
        assertThat(blocks.get(2)).contains(start);
        typed(blocks.get(2).replace(start, ""));
        try (Image _ = Image.start(shell("exec " + start), folder.resolve(".chela"))) {
            assertThat(typed(blocks.get(3)).out().strip())
                    .isEqualTo(blocks.get(4).strip());
        }
    }

    @Test
    void anExtensionHasItsOwnVersionsOfWhatTheImageHas() throws Exception {
        var extensible = Extensible.in(folder);
        try (Stream<Path> jars = Files.list(OTHER_VERSIONS)) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, extensible.folder("versions").resolve(jar.getFileName()));
            }
        }
        extensible.module("versions", "library", """
                module com.example.library { requires tools.jackson.core; exports com.example.library; }
                """, """
                package com.example.library;
                public class Library {
                    public static String jackson() { return tools.jackson.core.json.PackageVersion.VERSION.toString(); }
                }
                """);
        extensible.module("versions", "versions", """
                module com.example.versions {
                    requires io.chela.api;
                    requires com.example.library;
                    requires org.yaml.snakeyaml;
                    requires tools.jackson.core;
                    provides io.chela.api.spi.ModelProvider with com.example.versions.Versions;
                }
                """, """
                package com.example.versions;
                import module io.chela.api;
                public class Versions implements ModelProvider, Models {
                    @Override public String type() { return "versions"; }
                    @Override public Models create(ExtensionContext context) { return this; }
                    @Override public String destination() { return "nowhere"; }
                    @Override public Model model(String id) {
                        String said = "snakeyaml " + new org.yaml.snakeyaml.Yaml().getClass().getModule()
                                .getDescriptor().rawVersion().orElse("?")
                                + ", library's jackson " + com.example.library.Library.jackson()
                                + ", own jackson " + tools.jackson.core.json.PackageVersion.VERSION;
                        return prompt -> ModelReply.of(
                                java.util.List.of(new ModelEvent.Text(said), new ModelEvent.Finish("stop")));
                    }
                }
                """);

        try (Image gateway = Launch.in(folder).from(extensible.image()).start("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents: { defaults: { model: mine/any } }
                models: { providers: { mine: { api: versions } } }
                """);
                var caller = gateway.caller()) {
            assertThat(Caller.text(caller.say("hello")))
                    .startsWith("snakeyaml 2.5, library's jackson 3.1.8, own jackson 3.2.");
        }
    }

    @Test
    void whatCannotBeLoadedStopsTheStartAndIsListed() throws Exception {
        var extensible = Extensible.in(folder);
        extensible.folder("empty");
        Files.writeString(extensible.folder("broken").resolve("broken.jar"), "PK");
        extensible.folder("locked");
        Launch launch = Launch.in(folder).from(extensible.image());
        if (Machine.isRoot()) {
            Machine.needs(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root without setpriv can read everything");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            launch = launch.behind("setpriv", "--reuid=" + NOBODY, "--clear-groups");
        }
        Files.setPosixFilePermissions(extensible.folder("locked"), PosixFilePermissions.fromString("-wx------"));

        Ended list = launch.chela("modules", "list").run();
        assertThat(list.exit()).isEqualTo(1);
        assertThat(list.out()).contains("model  offline");
        assertThat(list.err().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("chela: "))
                .anyMatch(line -> line.contains("modules/empty cannot be loaded: there is no jar in it"))
                .anyMatch(line -> line.contains("modules/broken cannot be loaded: broken.jar is no jar"))
                .anyMatch(line -> line.contains("modules/locked cannot be read (permission denied)"));

        Ended start = launch.chela("gateway", "--port", "0").run();
        assertThat(start.exit()).isEqualTo(1);
        assertThat(start.err()).isEqualTo(list.err());
        Files.setPosixFilePermissions(extensible.folder("locked"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aPartOfJavaThatTheImageLeavesOutIsNamed() throws Exception {
        var extensible = Extensible.in(folder);
        Path made = Files.createDirectory(folder.resolve("made"));
        Path info = Files.writeString(made.resolve("module-info.java"), """
                module com.example.windows {
                    requires io.chela.api;
                    requires java.desktop;
                    provides io.chela.api.spi.ModelProvider with com.example.windows.Windows;
                }
                """);
        Path type = Files.writeString(made.resolve("Windows.java"), """
                package com.example.windows;
                import module io.chela.api;
                public class Windows implements ModelProvider {
                    @Override public String type() { return "windows"; }
                    @Override public Models create(ExtensionContext context) { throw new IllegalStateException(); }
                }
                """);
        String jar = extensible.folder("windows").resolve("windows.jar").toString();
        typed("javac --module-path " + Launch.BUILT.resolve("../linked") + " -d made/classes " + info + " " + type
                + "; jar --create --file " + jar + " -C made/classes .");

        Ended list = Launch.in(folder)
                .from(extensible.image())
                .chela("modules", "list")
                .run();
        assertThat(list.err())
                .contains("modules/windows cannot be loaded: windows.jar requires the module java.desktop")
                .contains("left out of this program's Java");
    }
}
