package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        var described = new picocli.CommandLine(new GatewayCommand())
                .getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .filter(name -> !name.equals("--help") && !name.equals("--version"))
                        .toList();
        assertThat(described).containsExactlyInAnyOrderElementsOf(GatewayOptions.NAMES);
    }

    @Test
    void printsAModelsWordsWithoutWhatSteersATerminal() {
        assertThat(AgentCommand.harmless("a\u001b[2Jb\n\tc\u009d🦀")).isEqualTo("a[2Jb\n\tc🦀");
    }

    @Test
    void fitsItsHelpOnAScreen() {
        assertThat(Cli.line().getUsageMessage().lines().count()).isLessThan(25);
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
    }
}
