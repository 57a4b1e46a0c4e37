package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandLineTest {
    @Test
    void readsTheGatewaysOptionsInBothForms() {
        var options = GatewayOptions.parse(List.of("--config=a.yaml", "--port", "0", "--state-dir", "s"));
        assertThat(options.config()).contains(Path.of("a.yaml"));
        assertThat(options.port()).contains(0);
        assertThat(options.stateFolder()).contains(Path.of("s"));
        assertThat(options.bind()).isEmpty();
    }

    @Test
    void takesTheTokenFromAFileAndWarnsOnlyWhenTheCommandLineHoldsIt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "of a file\n");
        List<String> byFile = List.of("--token-file", file.toString());
        assertThat(GatewayOptions.parse(byFile).token()).contains("of a file");
        assertThat(GatewayOptions.showsToken(byFile)).isFalse();
        assertThat(GatewayOptions.showsToken(List.of("--token", "t"))).isTrue();
        assertThat(GatewayOptions.showsToken(List.of("--token=t"))).isTrue();
        assertThatThrownBy(() -> GatewayOptions.parse(List.of("--token-file", "/nonexistent")))
                .hasMessageContaining("/nonexistent cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"--colour red, unknown option '--colour'", "--port, needs a value", "--port x, must be a number"})
    void saysWhatIsWrongWithAnOption(String line, String words) {
        assertThatThrownBy(() -> GatewayOptions.parse(List.of(line.split(" "))))
                .isInstanceOfSatisfying(UsageException.class, e -> {
                    assertThat(e.text()).contains(words);
                    assertThat(e.exitCode()).isEqualTo(Main.EXIT_USAGE);
                });
    }

    @Test
    void describesEveryOptionOfTheGatewayInItsHelp() {
        var described = new CommandLine(new GatewayCommand())
                .getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .filter(name -> !name.equals("--help") && !name.equals("--version"))
                        .toList();
        assertThat(described).containsExactlyInAnyOrderElementsOf(GatewayOptions.NAMES);
    }

    @Test
    void fitsItsHelpOnAScreen() {
        List<String> help = Cli.line().getUsageMessage().lines().toList();
        assertThat(help).hasSizeLessThanOrEqualTo(24).allMatch(line -> line.length() <= 80);
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandLineTest::all));
    }

    @Test
    void givesExamplesInTheHelpOfEachCommand() {
        assertThat(all(Cli.line())).allSatisfy(command -> {
            String name = command.getCommandSpec().qualifiedName();
            List<String> help = command.getUsageMessage().lines().toList();
            assertThat(help).as(name).hasSizeLessThanOrEqualTo(30).allMatch(line -> line.length() <= 80);
            assertThat(help).as(name).anyMatch(line -> line.contains("  " + name) || line.contains("(" + name));
        });
    }

    private record Ended(int exit, String err) {}

    private static Ended run(String... arguments) {
        var err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            return new Ended(Cli.execute(arguments), err.toString(UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chta                  | chela: unknown command 'chta'; did you mean 'chat'? See: chela --help",
                "gateway stat          | chela gateway: unknown command 'stat'; did you mean 'status'?",
                "gateway status --jsno | chela gateway status: unknown option '--jsno'; did you mean '--json'?",
                "agent --mesage=hi -m x| chela agent: unknown option '--mesage=hi'; did you mean '--message'?",
                "agent                 | chela agent: missing required option: '--message=TEXT'; see: chela agent",
                "agent -m hi --timeout x | chela agent: invalid value for option '--timeout': 'x' is not",
                "agent -m hi --timeout 0 | chela agent: --timeout must be a number of seconds from 1, not 0",
                "completion basch      | chela completion: 'basch' is none of bash, zsh, fish; did you mean 'bash'?",
                "modules               | chela modules: a command is missing: list; see: chela modules --help",
                "completion fsh        | chela completion: 'fsh' is none of bash, zsh, fish; did you mean 'fish'?",
                "chat now              | chela chat: unexpected argument 'now'; see: chela chat --help",
                "chat --url            | chela chat: missing required parameter for option '--url'",
                "agent -m hi --url x   | chela: --url must look like ws://127.0.0.1:18789, not 'x'",
                "gateway start         | chela gateway: unknown command 'start'; did you mean 'chela gateway'?",
                "gateway strat         | chela gateway: unknown command 'strat'; did you mean 'chela gateway'?",
                "gateway restart       | chela gateway: unknown command 'restart';"
                        + " did you mean 'chela gateway stop', then 'chela gateway'?",
                "status                | chela: unknown command 'status'; did you mean 'chela gateway status'?",
                "stop                  | chela: unknown command 'stop'; did you mean 'chela gateway stop'?",
                "health                | chela: unknown command 'health'; did you mean 'chela gateway health'?",
                "start --port 0        | chela: unknown command 'start'; did you mean 'chela gateway'?",
                "run                   | chela: unknown command 'run'; did you mean 'chela gateway run'?",
                "pull smollm2          | chela: unknown command 'pull'; did you mean 'chela models pull'?",
                "list                  | chela: unknown command 'list';"
                        + " did you mean 'chela models list' or 'chela modules list'?",
                "help                  | chela: unknown command 'help'; did you mean '--help'? See: chela --help",
                "doctor                | chela: unknown command 'doctor'; did you mean 'chela config check'?",
                "config get            | chela config: unknown command 'get'; did you mean 'chela config show'?",
                "config validate       | chela config: unknown command 'validate'; did you mean 'chela config check'?",
                "xyzzy                 | chela: unknown command 'xyzzy'; see: chela --help"
            })
    void namesWhatIsWrongAndWhatWasMeant(String line, String words) {
        Ended ended = run(line.split(" "));
        assertThat(ended.err()).startsWith(words).hasLineCount(1);
        assertThat(ended.exit()).isEqualTo(Main.EXIT_USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "--prot 1, did you mean '--port'?",
        "--stat-dir=x, did you mean '--state-dir'?",
        "--config=, needs a value",
        "status, unexpected argument 'status'"
    })
    void namesTheNearestOptionOfTheGatewayToo(String line, String words) {
        assertThatThrownBy(() -> GatewayOptions.parse(List.of(line.split(" "))))
                .hasMessageStartingWith("chela gateway: ")
                .hasMessageContaining(words);
    }

    @Test
    void findsNoStateFolderWithoutAHome() {
        assertThatThrownBy(() -> StateFolder.locate(Optional.empty(), Map.of("HOME", "?")))
                .hasMessageContaining("--state-dir or CHELA_STATE_DIR");
    }

    @Test
    void sendsTheTokenOfItsStateFolderToNoOtherMachine(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("token"), "secret");
        var here = new GatewayAddress.Options(
                Optional.of("ws://localhost:7"), Optional.empty(), Optional.empty(), Optional.of(folder));
        var there = new GatewayAddress.Options(
                Optional.of("wss://example.com"), Optional.empty(), Optional.empty(), Optional.of(folder));
        assertThat(GatewayAddress.find(here, Map.of()).token()).isPresent();
        assertThat(GatewayAddress.find(there, Map.of()).token()).isEmpty();
    }

    @Test
    void prefersOptionsThenTheEnvironmentForItsGateway() {
        var none = new GatewayAddress.Options(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Path.of("/nonexistent")));
        var environment = Map.of("OPENCLAW_GATEWAY_URL", "http://127.0.0.1:7", "OPENCLAW_GATEWAY_TOKEN", "t");
        var found = GatewayAddress.find(none, environment);
        assertThat(found.url()).hasToString("ws://127.0.0.1:7");
        assertThat(found.token().orElseThrow().matches("t")).isTrue();
        assertThatThrownBy(() -> GatewayAddress.find(none, Map.of()))
                .hasMessageContaining("no gateway is running on /nonexistent");
    }

    @Test
    void listsTheExtensionsOfTheImage() {
        assertThat(ModulesCommand.lines(Extensions.load(Optional.empty())))
                .anyMatch(line -> line.matches("model +offline +io\\.chela\\.model\\.offline +\\S+ +in the image"))
                .anyMatch(line -> line.matches("store +sqlite +.*"))
                .anyMatch(line -> line.matches("door +gateway-ws +.*"));
        assertThat(Json.write(ModulesCommand.json(Extensions.load(Optional.empty()))))
                .startsWith("{\"modules\":[{\"kind\":\"model\",\"type\":\"offline\",")
                .contains("{\"kind\":\"store\",\"type\":\"sqlite\",\"module\":\"io.chela.store.sqlite\"")
                .contains("\"origin\":\"image\"}");
    }
}
