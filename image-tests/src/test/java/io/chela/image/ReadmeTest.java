package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first block of the README, which is what a newcomer types.
class ReadmeTest {
    /// The image may have to be built, and a model fetched.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path README = ROOT.resolve("README.md");

    @TempDir
    private Path folder = Path.of("unset");

    @BeforeEach
    void needsAReadme() {
        Machine.needs(Files.exists(README), "there is no README.md yet");
    }

    /// The commands of the first fenced block, without their comments.
    private static List<String> commands() {
        String[] parts = Patience.read(README).split("(?m)^```.*$", 3);
        assertThat(parts).as("a fenced block").hasSize(3);
        return parts[1].lines()
                .map(line -> line.replaceFirst("\\s+#.*$", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void namesProgramsFilesAndOptionsThatExist() throws Exception {
        String help = Launch.in(folder).chela("gateway", "--help").run().out();
        assertThat(commands()).isNotEmpty();
        for (String command : commands()) {
            String[] words = command.split("\\s+");
            assertThat(ROOT.resolve(words[0])).as(command).isExecutable();
            for (String word : words) {
                if (word.startsWith("--")) {
                    assertThat(help).as(command).contains(word);
                }
                if (word.contains("/")) {
                    assertThat(ROOT.resolve(word)).as(command).exists();
                }
            }
        }
    }

    @Test
    void startsAGatewayWhoseLineToPasteWorks() throws Exception {
        Machine.needsCi("The README's first command, as it is,");
        String start = commands().stream()
                .filter(command -> command.startsWith("./chela gateway"))
                .findFirst()
                .orElseThrow();
        Path state = folder.resolve(".chela");
        Program gateway = new Program(ROOT, List.of("sh", "-c", "exec " + start), newcomer(), PATIENCE);
        try (Image running = Image.start(gateway, state)) {
            assertThat(running.output()).contains("$(cat ~/.chela/token)");
            Ended curl = new Program(folder, List.of("sh", "-c", tryIt(running)), newcomer(), PATIENCE).run();
            assertThat(curl.exit()).as(curl.err()).isZero();
            assertThat(Json.readObject(curl.out())
                            .at("/choices/0/message/content")
                            .stringValue(""))
                    .as(curl.out() + running.log())
                    .isNotBlank();
            assertThat(running.stop()).isZero();
        }
    }

    private static String tryIt(Image gateway) {
        return gateway.output()
                .lines()
                .filter(line -> line.startsWith("  try "))
                .map(line -> line.replaceFirst("  try +", ""))
                .findFirst()
                .orElseThrow();
    }

    /// A home of its own and any free port; the model alone is kept between runs.
    private Map<String, String> newcomer() {
        Map<String, String> environment = new HashMap<>(Models.environment());
        environment.put("HOME", folder.toString());
        environment.put("OPENCLAW_GATEWAY_PORT", "0");
        return environment;
    }
}
