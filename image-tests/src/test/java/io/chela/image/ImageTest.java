package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image wherever it lies and whoever calls it.
class ImageTest {
    private static final String VERSION = "chela " + System.getProperty("chela.version", "unset");

    /// What the launcher may need of a system; `java` is not among it.
    private static final List<String> TOOLS = List.of("readlink", "dirname");

    @TempDir
    private Path folder = Path.of("unset");

    private static void saysItsVersion(Ended ended) {
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().strip()).isEqualTo(VERSION);
        assertThat(ended.exit()).isZero();
    }

    private void copy(Path from, Path to) throws Exception {
        var ended =
                Program.in(folder, "cp", "-R", from.toString(), to.toString()).run();
        assertThat(ended.err()).isEmpty();
    }

    private static void answers(Image gateway) throws Exception {
        try (var caller = gateway.caller()) {
            assertThat(Caller.text(caller.say("hello there"))).contains("hello there");
        }
    }

    private static String offline() {
        return "gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }";
    }

    @Test
    void saysItsVersionAndItsHelp() throws Exception {
        saysItsVersion(Launch.in(folder).chela("--version").run());
        Ended help = Launch.in(folder).chela("--help").run();
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("gateway", "agent", "modules");
        assertThat(Launch.in(folder).chela("gateway", "--help").run().out()).contains("--config", "--state-dir");
    }

    @Test
    void refusesWhatItDoesNotKnowWithAUsageError() throws Exception {
        for (String[] wrong : List.<String[]>of(
                new String[] {"no-such-command"},
                new String[] {"gateway", "--no-such-option"},
                new String[] {"gateway", "--port", "a"})) {
            Ended ended = Launch.in(folder).chela(wrong).run();
            assertThat(ended.exit()).as(Arrays.toString(wrong)).isEqualTo(2);
            assertThat(ended.err()).as(Arrays.toString(wrong)).isNotBlank().doesNotContain("Exception");
        }
    }

    @Test
    void runsThroughSymlinksFromAnyFolder() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), Launch.BUILT.resolve("bin/chela"));
        Path relative = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());
        saysItsVersion(
                Program.in(Path.of("/"), relative.toString(), "--version").run());
        saysItsVersion(Program.in(folder, "./second", "--version").run());
        saysItsVersion(Program.in(folder, "sh", "-c", "second --version")
                .with("PATH", folder + ":/usr/bin:/bin")
                .run());
    }

    @Test
    void runsCopiedToAPathWithASpace() throws Exception {
        Path copy = Files.createDirectory(folder.resolve("my programs")).resolve("chela here");
        copy(Launch.BUILT, copy);
        try (Image gateway = Launch.in(folder).from(copy).start(offline())) {
            answers(gateway);
            assertThat(gateway.stop()).isZero();
        }
    }

    @Test
    void runsUnpackedFromItsArchive() throws Exception {
        Path archive;
        try (Stream<Path> beside = Files.list(Launch.BUILT.getParent())) {
            archive = beside.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(Program.in(folder, "tar", "-xzf", archive.toString()).run().exit())
                .isZero();
        try (Image gateway = Launch.in(folder).from(folder.resolve("chela")).start(offline())) {
            answers(gateway);
        }
    }

    @Test
    void needsNoJavaOnTheMachine() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(
                    tools.resolve(tool), Path.of("/usr/bin", tool).toRealPath());
        }
        Map<String, String> bare = Map.of("PATH", tools.toString());
        saysItsVersion(Launch.in(folder).chela("--version").withOnly(bare).run());
    }

    @Test
    void saysInOneSentenceThatItIsNotWhole() throws Exception {
        Path torn = Files.createDirectories(folder.resolve("torn"));
        copy(Launch.BUILT.resolve("bin"), torn.resolve("bin"));
        Files.createDirectory(torn.resolve("lib"));
        Ended ended = Launch.in(folder).from(torn).chela("--version").run();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .contains(torn.toString())
                .contains("lib/modules");
    }

    @Test
    void runsWithoutItsCacheAndSaysNothingAboutIt() throws Exception {
        Path slow = folder.resolve("slow");
        copy(Launch.BUILT, slow);
        Files.delete(slow.resolve("lib/chela.aot"));
        saysItsVersion(Launch.in(folder).from(slow).chela("--version").run());
        Files.writeString(slow.resolve("lib/chela.aot"), "not a cache");
        assertThat(Launch.in(folder).from(slow).chela("--version").run().out().strip())
                .isEqualTo(VERSION);
    }

    @Test
    void listsItsModules() throws Exception {
        Ended ended = Launch.in(folder).chela("modules", "list").run();
        assertThat(ended.exit()).isZero();
        assertThat(ended.out().lines())
                .anyMatch(line -> line.matches("model +offline +io\\.chela\\.model\\.offline +\\S+ +in the image"))
                .anyMatch(line -> line.matches("model +openai-completions .*in the image"))
                .anyMatch(line -> line.matches("store +sqlite .*in the image"))
                .anyMatch(line -> line.matches("door .*in the image"));
    }

    @Test
    void takesAnExtensionThatIsCopiedIn() throws Exception {
        Path extension = Launch.BUILT.resolve("modules/llamacpp");
        Machine.needs(Files.isDirectory(extension), "the image has no extension llamacpp to copy");
        Path copy = folder.resolve("copy");
        copy(Launch.BUILT, copy);
        Program.in(folder, "rm", "-r", copy.resolve("modules/llamacpp").toString())
                .run();
        assertThat(types(copy)).doesNotContain("llamacpp");
        copy(extension, copy.resolve("modules/llamacpp"));
        assertThat(types(copy)).contains("llamacpp");
    }

    private List<String> types(Path image) throws IOException, InterruptedException {
        Ended ended = Launch.in(folder).from(image).chela("modules", "list").run();
        return ended.out().lines().map(line -> line.split(" +")[1]).toList();
    }
}
