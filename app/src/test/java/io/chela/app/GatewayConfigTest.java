package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {
    @TempDir
    private Path folder = Path.of("unset");

    private record Read(GatewayConfig config, AuthConfig auth, List<String> mistakes) {}

    private Read read(String yaml, Map<String, String> environment) throws IOException {
        ConfigFile file = ConfigFile.read(Files.writeString(folder.resolve("c.yaml"), yaml), environment, folder);
        Settings settings = Settings.of(file.config());
        GatewayConfig config = GatewayConfig.read(settings, file.config());
        List<String> mistakes = new ArrayList<>(file.mistakes());
        AuthConfig auth = AuthConfig.read(
                settings,
                config.agents(),
                config.bind(),
                new OwnSecrets.Sources(environment, environment.keySet(), Optional.empty(), mistakes));
        mistakes.addAll(settings.mistakes());
        return new Read(config, auth, mistakes);
    }

    private GatewayConfig good(String yaml) throws IOException {
        Read read = read(yaml, Map.of());
        assertThat(read.mistakes()).isEmpty();
        return read.config();
    }

    @ParameterizedTest
    @CsvSource({"loopback, 127.0.0.1", "lan, 127.0.0.1", "127.0.0.2, 127.0.0.2", "'::1', '[::1]'"})
    void saysByWhichHostThisMachineReachesIt(String bind, String host) throws IOException {
        assertThat(good("gateway: { bind: '" + bind + "' }").localHost()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gateway: { auth: {\n  token: *s3cr3t-one } }", "gateway:\n  auth: { token: s3cr3t-one } }"})
    void keepsSecretsOutOfWhatItSaysOfBrokenYaml(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml);

        assertThatThrownBy(() -> ConfigFile.read(file, Map.of(), folder))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        e -> assertThat(e.text()).contains("line ").doesNotContain("s3cr3t"));
    }

    @Test
    void refusesAliasesThatMeanTwoThings() throws IOException {
        String yaml =
                "agents: { list: [ { id: a, aliases: [ gpt-4o, 'openclaw/b' ] }, { id: b, aliases: [ gpt-4o ] } ] }";
        assertThat(read(yaml, Map.of()).mistakes())
                .hasSize(2)
                .anyMatch(mistake -> mistake.contains("the alias 'openclaw/b', which is empty or has a meaning"))
                .anyMatch(mistake -> mistake.contains("two agents with the alias 'gpt-4o'"));
    }

    @Test
    void hasDefaultsForEverything() throws IOException {
        GatewayConfig config = good("{}");
        assertThat(config.port()).isEqualTo(18_789);
        assertThat(config.bind()).containsExactly("127.0.0.1", "::1");
        assertThat(config.agents()).singleElement().extracting(Agent::model).isEqualTo(new ModelRef("offline", "echo"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gateway: {port: 1}\\ngateway: {port: 2} | gateway: is there twice, first in line 1 (line 2, column 1)",
                "- a | must hold keys",
                "just words | must hold keys",
                "gateway: !!set text | a tag (!) that means nothing here",
                "gateway: &g {auth: *g} | gateway.auth: contains itself",
                "gateway.port: 5 | the name 'gateway.port' must not be written with a dot",
                "models: {providers: {\"a.b\": {}}} | models.providers: the name 'a.b' must not be written with a dot",
                "models: {providers: {\"\": {}}} | models.providers: the name '' must not be empty"
            })
    void refusesWhatTheReaderWouldTakeInSilence(String yaml, String said) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml.replace("\\n", "\n"));

        String found;
        try {
            found = String.join("\n", ConfigFile.read(file, Map.of(), folder).mistakes());
        } catch (UsageException e) {
            found = e.text();
        }
        assertThat(found).contains(said);
    }

    @Test
    void refusesAliasesThatMakeATreeWithoutEnd() throws IOException {
        var yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml.append("gateway: *a24\n"));

        assertThatThrownBy(() -> ConfigFile.read(file, Map.of(), folder))
                .hasMessageEndingWith("more than 100000 values up to here; aliases and included files count each time");
    }

    @Test
    void readsTheKeysOfOpenClaw() throws IOException {
        GatewayConfig config = good("""
                gateway: { port: 18790, bind: 127.0.0.1, auth: { mode: token, token: "${HOME_TOKEN:-fallback}" } }
                agents:
                  defaults: { model: home/qwen3 }
                  list:
                    - { id: main, default: true, name: Main, instructions: "You are …" }
                    - { id: Coder, model: home/deep/seek, aliases: [gpt-4o] }
                models: { providers: { home: { api: openai-completions, baseUrl: "http://127.0.0.1:8080/v1" } } }
                session: { store: sqlite }
                """);
        assertThat(config.port()).isEqualTo(18_790);
        assertThat(config.agents()).extracting(agent -> agent.id().value()).containsExactly("main", "coder");
        assertThat(config.agents().get(1).model()).isEqualTo(new ModelRef("home", "deep/seek"));
        assertThat(config.agents().get(1).aliases()).containsExactly("gpt-4o");
        assertThat(config.providers()).containsOnlyKeys("home");
    }

    @Test
    void readsAgentsByNameToo() throws IOException {
        assertThat(good("agents: { entries: { main: { instructions: x }, other: {} } }")
                        .agents())
                .extracting(agent -> agent.id().value())
                .containsExactlyInAnyOrder("main", "other");
    }

    @Test
    void fallsBackToTheStarterThatTheFileNames() throws IOException {
        assertThat(good("models: { starter: smollm2 }").agents().getFirst().model())
                .isEqualTo(new ModelRef("starter", "smollm2"));
        assertThat(good("{ agents: { defaults: { model: offline/echo } }, models: { starter: smollm2 } }")
                        .agents()
                        .getFirst()
                        .model())
                .isEqualTo(new ModelRef("offline", "echo"));
    }

    @Test
    void gathersEveryMistakeWithItsPath() throws IOException {
        Read read = read("""
                gateway: { port: 99999, colour: red, auth: { mode: magic, token: "${NOT_SET}" } }
                agents: { list: [ { id: "no spaces" }, { name: nameless }, { id: a }, { id: a } ] }
                """, Map.of());
        assertThat(String.join("\n", read.mistakes()))
                .contains("gateway.port: must be a whole number from 0 to 65535, not '99999'")
                .contains("gateway.colour: unknown key; known here: ")
                .contains("gateway.auth.mode: must be token, password, none or trusted-proxy, not 'magic'")
                .contains("gateway.auth.token: the environment variable NOT_SET is not set")
                .contains("agents.list[0].id: must match")
                .contains("agents.list[1].id: is missing")
                .contains("agents.list: has two agents of one id");
    }

    @Test
    void refusesToListenBeyondThisMachineWithoutAuthentication() throws IOException {
        assertThat(read("gateway: { bind: lan, auth: { mode: none } }", Map.of())
                        .mistakes())
                .anyMatch(mistake -> mistake.startsWith("gateway.auth.mode: must not be none"));
    }

    @Test
    void putsTheCommandLineOverTheEnvironmentOverTheFile() throws IOException {
        GatewayConfig file = good("gateway: { port: 1 }");
        assertThat(file.with(GatewayOptions.none(), Optional.of(2)).port()).isEqualTo(2);
        assertThat(file.with(GatewayOptions.parse(List.of("--port", "3")), Optional.of(2))
                        .port())
                .isEqualTo(3);
    }

    @Test
    void saysWhereAFileIsNoYaml() {
        assertThatThrownBy(() -> read("gateway: { port: [", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("c.yaml")
                .hasMessageContaining("line 1");
    }

    @Test
    void saysThatANamedFileIsNotThere() {
        assertThatThrownBy(() -> ConfigFile.find(Optional.of(folder.resolve("none.yaml")), Map.of(), folder))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void namesTheKeyThatMayBeMeant() throws IOException {
        assertThat(read("gateway: { prot: 1, HTTP: {} }", Map.of()).mistakes())
                .anyMatch(
                        mistake -> mistake.startsWith("gateway.prot: unknown key, perhaps meant as 'port'; known here"))
                .anyMatch(mistake -> mistake.startsWith("gateway.HTTP: unknown key, perhaps meant as 'http'; "));
    }

    @Test
    void readsAModelWithItsFallbacks() throws IOException {
        GatewayConfig config = good("""
                agents:
                  defaults: { model: { primary: a/b, fallbacks: [ c/d ] } }
                  list:
                    - { id: one }
                    - { id: two, model: { primary: e/f } }
                    - { id: three, model: g/h }
                    - { id: four, model: { fallbacks: [] } }
                    - { id: five, model: { primary: i/j, fallbacks: [ k/l, i/j, m/n, k/l ] } }
                """);
        assertThat(config.agents())
                .extracting(agent -> agent.models().map(ModelRef::toString).toList())
                .containsExactly(
                        List.of("a/b", "c/d"),
                        List.of("e/f"),
                        List.of("g/h"),
                        List.of("a/b"),
                        List.of("i/j", "k/l", "m/n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ a/c, c ] | agents.defaults.model.fallbacks[1]: must be written provider/model, not 'c'",
                "c/d | agents.defaults.model.fallbacks: must be a list, not a text",
                "[ { primary: c/d } ] | agents.defaults.model.fallbacks: must be a list of plain values",
            })
    void refusesFallbacksThatAreNone(String fallbacks, String mistake) throws IOException {
        assertThat(read("agents: { defaults: { model: { primary: a/b, fallbacks: " + fallbacks + " } } }", Map.of())
                        .mistakes())
                .containsExactly(mistake);
    }

    @Test
    void refusesFallbacksOfNothing() throws IOException {
        assertThat(read("agents: { defaults: { model: { fallbacks: [ a/b ] } } }", Map.of())
                        .mistakes())
                .containsExactly("agents.defaults.model.primary: is missing: fallbacks are asked when it fails");
        assertThat(good("agents: { defaults: { model: { primary: offline/echo, fallbacks: [ a/b ] } } }")
                        .models())
                .hasSize(2);
        assertThat(good("{ agents: { defaults: { model: { fallbacks: [ a/b ] } } }, models: { starter: smollm2 } }")
                        .models())
                .extracting(ModelRef::toString)
                .containsExactly("starter/smollm2", "a/b");
    }

    @ParameterizedTest
    @CsvSource({"custom, 10.0.0.5, 10.0.0.5", "custom, 0.0.0.0, 0.0.0.0", "lan, 10.0.0.5, 0.0.0.0"})
    void listensWhereOpenClawWould(String bind, String host, String on) throws IOException {
        assertThat(good("gateway: { bind: " + bind + ", customBindHost: " + host + " }")
                        .bind())
                .containsExactly(on);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bind: auto | gateway.bind: must be loopback, lan or a host, not 'auto'",
                "bind: tailnet | gateway.bind: must be loopback, lan or a host, not 'tailnet'",
                "bind: custom | gateway.customBindHost: is missing",
                "mode: remote | gateway.mode: must be local"
            })
    void refusesWhatItCannotListenAs(String gateway, String said) throws IOException {
        assertThat(read("gateway: { " + gateway + " }", Map.of()).mistakes())
                .singleElement()
                .asString()
                .startsWith(said);
    }

    @Test
    void findsTheFileInTheDocumentedOrder() throws IOException {
        Path first = Files.writeString(folder.resolve("1.yaml"), "{}");
        Path second = Files.writeString(folder.resolve("2.yaml"), "{}");
        var environment = Map.of("OPENCLAW_CONFIG_PATH", second.toString());
        assertThat(ConfigFile.find(Optional.of(first), environment, folder).path())
                .contains(first);
        assertThat(ConfigFile.find(Optional.empty(), environment, folder).path())
                .contains(second);
        assertThat(ConfigFile.find(Optional.empty(), Map.of(), folder).path()).isEmpty();
        Path openClaw = Files.writeString(folder.resolve("openclaw.json"), "{}");
        assertThat(ConfigFile.find(Optional.empty(), Map.of(), folder).path()).contains(openClaw);
        Path usual = Files.writeString(folder.resolve("chela.yaml"), "{}");
        ConfigFile found = ConfigFile.find(Optional.empty(), Map.of(), folder);
        assertThat(found.path()).contains(usual);
        assertThat(found.warnings()).containsExactly(openClaw + " is not read, since there is a chela.yaml beside it");
        assertThat(found.files()).contains(usual, openClaw, folder.resolve(".env"));
    }
}
