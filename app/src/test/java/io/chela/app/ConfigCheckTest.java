package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a check says of a file, and that a start and a re-read say the same.
class ConfigCheckTest {
    private static final String STEERING = "\\e[31m\\n  mistake: fake\\u202E";

    @TempDir
    private Path folder = Path.of("unset");

    private Reading.Source source(String config) throws IOException {
        return source(config, Optional.empty());
    }

    private Reading.Source source(String config, Optional<Path> modules) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), config);
        return new Reading.Source(GatewayPair.options(file, folder), Map.of(), Extensions.load(modules));
    }

    /// With an extension for model files that makes none.
    private ConfigCheck checkFiles(String config) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("modules")).resolve("llamacpp/llamacpp.jar");
        SourceJar.provider(jar, "com.example.llamacpp", "\"llamacpp\"", """
                @Override public void read(ExtensionContext context) {
                    Settings settings = context.settings();
                    settings.text("api");
                    for (Settings model : settings.list("models")) {
                        model.required("id");
                        model.required("file");
                    }
                    settings.finish();
                }""");
        return ConfigCheck.of(source(config, Optional.of(folder.resolve("modules"))));
    }

    private ConfigCheck check(String config) throws IOException {
        return ConfigCheck.of(source(config));
    }

    /// What a start is refused with.
    private String refused(String config) throws IOException {
        Reading.Source source = source(config);
        UsageException refused = catchThrowableOfType(
                UsageException.class,
                () -> new Wiring(source.options(), Map.of(), source.extensions())
                        .start()
                        .close());
        return refused == null ? "" : refused.text();
    }

    /// A start and a re-read are refused with the same mistakes.
    private void assertAllSay(List<String> mistakes, String config) throws Exception {
        assertThat(refused(config).lines().skip(1).map(String::strip)).containsExactlyElementsOf(mistakes);
        try (var pair = GatewayPair.with("agents: {}", folder)) {
            pair.reread(config);
            String log = pair.log().message("was not taken");
            assertThat(mistakes)
                    .allSatisfy(mistake -> assertThat(log).contains(mistake.replaceFirst("^(\\S+): ", "$1 ")));
        }
    }

    @Test
    void tellsAModelThatNobodyProvidesOnceAtItsKeyWithTheWayOut() throws Exception {
        String config = """
                agents:
                  defaults:
                    model: { primary: anthropic/claude-opus-4-6 }
                  list: [ { id: a }, { id: b }, { id: c, model: anthropic/claude-opus-4-6 }, { id: d, model: openai/gpt } ]
                """;
        ConfigCheck check = check(config);
        assertThat(check.mistakes())
                .containsExactly(
                        "agents.defaults.model.primary: nobody provides the model 'anthropic/claude-opus-4-6': there is"
                                + " no model provider 'anthropic', only offline; add models.providers.anthropic: {api,"
                                + " baseUrl, apiKey} (line 3, column 14)",
                        "agents.list[3].model: nobody provides the model 'openai/gpt': there is no model provider"
                                + " 'openai', only offline; set OPENAI_API_KEY, or add models.providers.openai: {api,"
                                + " baseUrl, apiKey} (line 4, column 87)");
        assertAllSay(check.mistakes(), config);
    }

    @Test
    void tellsAWrongStarterOnce() throws Exception {
        String config = "models: { starter: smolm2, autodetect: false }";
        ConfigCheck check = check(config);
        assertThat(check.mistakes())
                .singleElement()
                .asString()
                .startsWith("models.starter: there is no starter 'smolm2', only")
                .endsWith(" (line 1, column 11)");
        assertAllSay(check.mistakes(), config);
        assertThat(check("agents: { defaults: { model: starter/smollm2 } }").mistakes())
                .singleElement()
                .asString()
                .contains("; name the starter in models.starter (line 1, ");
    }

    @Test
    void tellsTheMistakesOfAllReadersTogether() throws Exception {
        String config = """
                gateway: { prot: 1 }
                session: { store: redis }
                models: { providers: { home: { baseUrl: 'ftp://x' } } }
                agents: { list: [ { id: a, model: home/m }, { id: b, model: nobody/m } ] }
                """;
        ConfigCheck check = check(config);
        assertThat(check.mistakes())
                .hasSize(4)
                .anyMatch(mistake -> mistake.startsWith("gateway.prot: unknown key"))
                .anyMatch(mistake -> mistake.startsWith("session.store: no extension is of the type 'redis'"))
                .anyMatch(mistake -> mistake.startsWith("models.providers.home.baseUrl: must be"))
                .anyMatch(mistake -> mistake.startsWith("agents.list[1].model: nobody provides the model 'nobody/m'"));
        assertAllSay(check.mistakes(), config);
    }

    @Test
    void carriesOverNoKeyWithAMistakeAndNoFallbackThatIsLeftOut() throws IOException {
        ConfigCheck check = check("""
                gateway: { port: many, mode: local, prot: 1 }
                models: { providers: { home: { baseUrl: 'http://127.0.0.1:9/v1' } } }
                agents: { defaults: { model: { primary: home/m, fallbacks: [ anthropic/claude ] } } }
                """);
        assertThat(check.carriesOver())
                .containsExactly("gateway.mode", "models.providers.home.baseUrl", "agents.defaults.model.primary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chanels: { telegram: {} }                        | chanels: unknown key, perhaps meant as 'channels' (",
                "agents: { defaults: { heartbeet: {} } }          | agents.defaults.heartbeet: unknown key, perhaps meant as 'heartbeat' (",
                "agents: { list: [ { id: a, identty: {} } ] }     | agents.list[0].identty: unknown key, perhaps meant as 'identity' (",
                "models: { providers: { p: { baseUrl: 'http://x', parms: 1 } } } | models.providers.p.parms: unknown key, perhaps meant as 'params' (",
                "gateway: { prot: 1 }                             | gateway.prot: unknown key, perhaps meant as 'port'; known here: "
            })
    void findsTheNearestKeyOfOpenClawToo(String config, String mistake) throws IOException {
        assertThat(check(config).mistakes()).singleElement().asString().startsWith(mistake);
    }

    @Test
    void takesAnEmptySectionForNone() throws IOException {
        assertThat(check("agents:\nmodels:\n  providers:\ngateway:\n  auth:\n    tokens:\n")
                        .mistakes())
                .isEmpty();
    }

    @Test
    void keepsTheIdOff() throws IOException {
        assertThat(source("agents: { list: [ { id: off } ] }").read().config().agents())
                .extracting(agent -> agent.id().value())
                .containsExactly("off");
    }

    @Test
    void warnsOfMissingModelFilesAndMakesNoModelsOfThem() throws IOException {
        ConfigCheck check = checkFiles("""
                models: { providers: { q: { api: llamacpp, models: [ { id: m, file: /nosuch.gguf } ] } } }
                agents: { list: [ { id: a, model: q/m }, { id: b, model: local/nosuch } ] }
                """);
        assertThat(check.mistakes()).isEmpty();
        assertThat(check.warnings())
                .containsExactly(
                        "models.providers.q.models[0].file: /nosuch.gguf is missing; a gateway starts, and its model"
                                + " q/m fails (line 1, column 63)",
                        "agents.list[1].model: " + folder.resolve("state/models/nosuch.gguf")
                                + " is missing; a gateway starts, and its model local/nosuch fails"
                                + " (line 2, column 51)");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void knowsTheModelsOfFilesByTheirNames() throws IOException {
        assertThat(checkFiles("""
                models: { providers: { q: { api: llamacpp, models: [ { id: m, file: /nosuch.gguf } ] } } }
                agents: { defaults: { model: q/n } }
                """).mistakes())
                .containsExactly("agents.defaults.model: nobody provides the model 'q/n': there is no model 'n', only m"
                        + " (line 2, column 23)");
    }

    private static void assertCannotForgeALine(List<String> lines) {
        assertThat(lines)
                .anyMatch(line -> line.contains("[31m   mistake: fake"))
                .noneMatch(line -> line.strip().startsWith("mistake: fake"))
                .allMatch(line -> line.codePoints().noneMatch(point -> point < ' ' || point == 0x202E));
    }

    @Test
    void printsNothingThatSteersATerminal() throws IOException {
        ConfigCheck check = check("agents: { defaults: { model: \"a/" + STEERING + "\" } }\n\"" + STEERING + "\": 1\n");
        assertThat(check.mistakes()).hasSize(2);
        assertCannotForgeALine(check.lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "show"})
    void printsNoJsonThatSteersATerminal(String command) throws IOException {
        String config = "agents: { list: [ { id: a, name: \"\\x9B31m\\u202Ea\" } ] }\nlogging: { level: info }\n"
                + (command.equals("check") ? "\"\\x9B\\u202E\": 1\n" : "");
        Path file = Files.writeString(folder.resolve("c.yaml"), config);
        var out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            Cli.execute("config", command, file.toString(), "--state-dir", folder.toString(), "--json");
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(UTF_8)).contains("\\u202e").doesNotContain("\u202e", "\u009b");
    }

    @Test
    void showsNothingThatSteersATerminal() throws IOException {
        String config = "agents: { list: [ { id: a, name: \"" + STEERING + "\" } ] }";
        assertCannotForgeALine(ConfigShow.of(source(config)).lines());
    }

    @Test
    void refusesAStartWithNothingThatSteersATerminal() throws IOException {
        String config = "gateway: { mode: \"" + STEERING + "\" }\n\"" + STEERING + "\": 1\n";
        List<String> lines = refused(config).lines().toList();
        assertCannotForgeALine(lines);
        assertThat(lines).allMatch(line -> line.split("\\(line ", -1).length <= 2, "tells its place once");
    }
}
