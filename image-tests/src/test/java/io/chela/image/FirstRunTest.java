package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/first-run.md says that is printed is what is printed. Numbers vary (ports, times, processes), the home
/// folder
/// does, and `…` stands for anything.
class FirstRunTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*$\\n(.*?)^```$");

    private static final String OPENCLAW = """
            {
              "gateway": {
                "port": 18811, "mode": "local", "bind": "loopback",
                "auth": { "mode": "token", "token": "${OPENCLAW_GATEWAY_TOKEN}" },
                "http": { "endpoints": { "chatCompletions": { "enabled": true } } }
              },
              "agents": {
                "defaults": {
                  "model": { "primary": "home/qwen3" },
                  "heartbeat": { "every": "30m" }, "sandbox": { "mode": "non-main" }
                },
                "list": [
                  { "id": "main", "default": true, "name": "Molty" },
                  { "id": "work", "tools": { "profile": "coding" } }
                ]
              },
              "models": { "providers": {
                "home": { "baseUrl": "http://127.0.0.1:8099/v1", "apiKey": "none", "models": [ { "id": "qwen3" } ] },
                "anthropic": { "api": "anthropic-messages", "apiKey": "none", "models": [ { "id": "claude" } ] }
              } },
              "session": { "store": "~/.openclaw/sessions.json" },
              "channels": { "telegram": { "enabled": true } },
              "plugins": { "entries": {} },
              "skills": { "install": { "nodeManager": "npm" } },
              "tools": { "profile": "coding" },
              "logging": { "consoleStyle": "pretty" }
            }
            """;

    @TempDir
    private Path home = Path.of("unset");

    private static List<String> blocks(String page) {
        return BLOCK.matcher(Patience.read(DOCS.resolve(page)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /// What follows a command on the page, up to the next one.
    private static List<String> printed(String command) {
        String typed = "$ " + command + "\n";
        String after = blocks("first-run.md").stream()
                .filter(block -> block.contains(typed))
                .findFirst()
                .orElseThrow();
        return after.substring(after.indexOf(typed) + typed.length())
                .lines()
                .takeWhile(line -> !line.startsWith("$ "))
                .toList();
    }

    private static String sameNumbers(String text) {
        return text.replaceAll("\\d+", "0");
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(Arrays.stream(sameNumbers(line).split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    }

    private void assertPrints(String output, List<String> expected) {
        List<String> lines =
                sameNumbers(output.replace(home.toString(), "/home/me")).lines().toList();
        assertThat(lines).as(output).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).matches(pattern(expected.get(i)));
        }
    }

    /// In its usual folder, on any free port.
    private Program chela(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = Launch.BUILT.resolve("bin/chela").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Program.in(home, command).with("OPENCLAW_GATEWAY_PORT", "0");
    }

    private Image start(String... arguments) throws Exception {
        return Image.start(chela(arguments), home.resolve(".chela"));
    }

    @Test
    void aGatewayWithoutAFile() throws Exception {
        start("gateway").close(); // the page shows no start that makes the token
        try (Image gateway = start("gateway")) {
            assertPrints(gateway.output(), printed("./chela gateway"));
            List<String> status = printed("./chela gateway status").stream()
                    .map(line -> line.replace("starter/smollm2", "offline/echo"))
                    .toList();
            assertPrints(chela("gateway", "status").run().out(), status);
        }
    }

    @Test
    void aGatewayWithTheStarter() throws Exception {
        Machine.needsCi("The starter model, 98 MB from PyPI,");
        String config = Launch.BUILT.resolve("config/quickstart.yaml").toString();
        Program gateway =
                chela("gateway", "--config", config).with(Models.environment()).within(PATIENCE);
        try (Image running = Image.start(gateway.with("HOME", home.toString()), home.resolve(".chela"))) {
            assertPrints(
                    running.output(),
                    printed("./chela gateway --config config/quickstart.yaml").stream()
                            .dropWhile(line -> !line.startsWith("chela gateway ready"))
                            .toList());
        }
    }

    @Test
    void aFileOfOpenClaw() throws Exception {
        Path folder = Files.createDirectory(home.resolve(".openclaw"));
        Files.writeString(folder.resolve(".env"), "OPENCLAW_GATEWAY_TOKEN=the-token-that-they-have\n");
        Path file = Files.writeString(folder.resolve("openclaw.json"), OPENCLAW);
        assertPrints(
                chela("config", "check", file.toString()).run().out(),
                printed("chela config check ~/.openclaw/openclaw.json"));
        try (Image gateway = start("gateway", "--config", file.toString())) {
            assertPrints(gateway.output(), printed("chela gateway --config ~/.openclaw/openclaw.json"));
            Files.writeString(file, OPENCLAW.replace("Molty", "Polly"));
            awaitLog(gateway, "the configuration was read again");
            Files.writeString(file, OPENCLAW.replace("true, ", "true "));
            awaitLog(gateway, "the configuration was not taken");
        }
    }

    /// The line of the log that stands on the page with these words.
    private void awaitLog(Image gateway, String words) throws InterruptedException {
        String line = blocks("first-run.md").stream()
                .flatMap(String::lines)
                .filter(shown -> shown.contains(words))
                .findFirst()
                .orElseThrow();
        Pattern pattern = pattern(line);
        Patience.until(
                Duration.ofSeconds(30),
                gateway::log,
                () -> pattern.matcher(sameNumbers(gateway.log().replace(home.toString(), "/home/me")))
                        .find());
    }

    @Test
    void aFileWithAMistake() throws Exception {
        Path state = Files.createDirectory(home.resolve(".chela"));
        Files.writeString(state.resolve("chela.yaml"), "gateway: { prot: 1 }\n");
        assertPrints(chela("config", "check").run().out(), printed("chela config check"));
    }

    /// The page about extensions is held by [ExtendingTest].
    @Test
    void anExtensionAsOnItsOwnPage() {
        List<String> there =
                blocks("extending.md").stream().flatMap(String::lines).toList();
        assertThat(there)
                .containsAll(printed("chela/bin/chela modules list").stream()
                        .filter(line -> !line.equals("…"))
                        .toList())
                .containsAll(printed("chela/bin/chela agent --message \"I am Ada.\"          # in another shell"));
    }
}
