package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Somebody comes with a configuration file of OpenClaw.
class MovingInTest {
    private static final String BODY =
            "{\"model\":\"openclaw/work\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String TOKEN = "the-token-they-have";

    @TempDir
    private Path folder = Path.of("unset");

    private Path openClaw(String upstream) throws IOException {
        Files.writeString(folder.resolve(".env"), "HOME_KEY=sk-home-key-0000\nOPENCLAW_GATEWAY_TOKEN=" + TOKEN + "\n");
        return Files.writeString(
                folder.resolve("openclaw.json"),
                Files.readString(Path.of("src/test/resources/openclaw/moving-in.json"))
                        .replace("UPSTREAM", upstream));
    }

    private Reading.Source source(Path file, Map<String, String> environment) {
        return new Reading.Source(GatewayPair.options(file, folder), environment, Extensions.load(Optional.empty()));
    }

    @Test
    void startsWithTheirFileAndAnswers() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.say("Hel", "lo"));
                var pair = GatewayPair.of(openClaw(upstream.baseUrl()), folder, Map.of())) {
            var answer = pair.chatAs(TOKEN, BODY);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Json.readObject(answer.body())
                            .at("/choices/0/message/content")
                            .stringValue())
                    .isEqualTo("Hello");
            assertThat(pair.gateway().defaultAgent().id().value()).isEqualTo("main");
            String log = Files.readString(folder.resolve("state/logs/chela.log"));
            assertThat(log).contains("these keys of OpenClaw").doesNotContain("sk-home-key");
        }
    }

    @Test
    void saysWhatCarriesOverAndWhatDoesNot() throws IOException {
        ConfigCheck check = ConfigCheck.of(source(openClaw("http://127.0.0.1:9/v1"), Map.of()));
        assertThat(check.mistakes()).isEmpty();
        assertThat(check.carriesOver())
                .contains(
                        "gateway.port", "agents.defaults.model.primary", "models.providers.home.models[].contextWindow")
                .noneMatch(key -> key.startsWith("channels"));
        assertThat(check.warnings())
                .hasSize(3)
                .anyMatch(warning -> warning.contains("channels,"))
                .anyMatch(warning -> warning.contains("agents.entries.*.tools"))
                .anyMatch(warning -> warning.startsWith("session.store: "));
        assertThat(check.lines()).last().asString().contains("ok");
        JsonNode json = check.json();
        assertThat(json.path("ok").booleanValue()).isTrue();
        assertThat(json.path("mistakes").size()).isZero();
    }

    @Test
    void leavesOutAProviderOfATypeThatNobodyHasUnlessAnAgentAsksForIt() throws IOException {
        String file = """
                { models: { providers: {
                    home: { baseUrl: 'http://127.0.0.1:9/v1', models: [ { id: 'm' } ] },
                    theirs: { api: 'anthropic-messages', apiKey: 'k', models: [ { id: 'm' } ] } } },
                  agents: { defaults: { model: 'home/m' } } }
                """;
        ConfigCheck without = ConfigCheck.of(source(Files.writeString(folder.resolve("a.json"), file), Map.of()));
        assertThat(without.mistakes()).isEmpty();
        assertThat(without.warnings())
                .containsExactly("models.providers.theirs: left out, since no extension is of the type"
                        + " 'anthropic-messages', and it is no agent's first choice");
        assertThat(without.carriesOver())
                .contains("models.providers.home.baseUrl")
                .noneMatch(key -> key.startsWith("models.providers.theirs"));
        ConfigCheck asked = ConfigCheck.of(source(
                Files.writeString(folder.resolve("b.json"), file.replace("model: 'home/m'", "model: 'theirs/m'")),
                Map.of()));
        assertThat(asked.mistakes())
                .singleElement()
                .asString()
                .startsWith("models.providers.theirs: no extension is of the type 'anthropic-messages', only");
    }

    @Test
    void leavesOutTheFallbacksThatNobodyProvides() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.say("Hello"))) {
            Path file = Files.writeString(folder.resolve("a.json"), """
                    { gateway: { port: 0, http: { endpoints: { chatCompletions: { enabled: true } } } },
                      models: { providers: {
                        home: { baseUrl: '%s', models: [ { id: 'm' }, { id: 'n' } ] },
                        theirs: { api: 'anthropic-messages', apiKey: 'k', models: [ { id: 'm' } ] } } },
                      agents: { defaults: { model: { primary: 'home/m',
                        fallbacks: [ 'theirs/m', 'anthropic/claude', 'home/n' ] } } } }
                    """.formatted(upstream.baseUrl()));
            ConfigCheck check = ConfigCheck.of(source(file, Map.of()));
            assertThat(check.mistakes()).isEmpty();
            assertThat(check.warnings())
                    .containsExactly(
                            "models.providers.theirs: left out, since no extension is of the type"
                                    + " 'anthropic-messages', and it is no agent's first choice",
                            "agents: the fallback theirs/m is left out, since there is no model provider 'theirs',"
                                    + " only home, offline",
                            "agents: the fallback anthropic/claude is left out, since there is no model provider"
                                    + " 'anthropic', only home, offline");
            try (var pair = GatewayPair.of(file, folder, Map.of())) {
                assertThat(pair.gateway().defaultAgent().models())
                        .extracting(ModelRef::toString)
                        .containsExactly("home/m", "home/n");
            }
        }
    }

    @Test
    void findsTheModelsThatAStartWouldNotFind() throws IOException {
        for (String model : List.of("offline/foo", "starter/nosuch", "nobody/m")) {
            Path file = Files.writeString(
                    folder.resolve("c.yaml"),
                    "agents: { defaults: { model: " + model + " } }\nmodels: { starter: nosuch }\n");
            var source = source(file, Map.of());
            List<String> found = ConfigCheck.of(source).mistakes();
            assertThat(found)
                    .as(model)
                    .singleElement()
                    .asString()
                    .contains(model.contains("nosuch") ? "starter" : model);
            assertThatThrownBy(() -> new Wiring(source.options(), Map.of(), source.extensions())
                            .start()
                            .close())
                    .as(model)
                    .isInstanceOf(UsageException.class);
        }
    }

    @Test
    void doesNotTellWhatAVariableHoldsAtAWrongKey() throws IOException {
        Path file = Files.writeString(
                folder.resolve("c.yaml"), "gateway: { port: \"${KEY}\", auth: { mode: \"${KEY}\" } }\n");
        assertThat(ConfigCheck.of(source(file, Map.of("KEY", "sekret-value"))).mistakes())
                .hasSize(2)
                .allMatch(mistake -> mistake.contains("not what the variable KEY holds"))
                .noneMatch(mistake -> mistake.contains("sekret"));
    }

    @Test
    void printsEveryMistakeTogetherWithItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("c.json"), """
                {
                  gateway: { prot: 1, auth: { mode: 'magic', token: '${NOT_SET}' } },
                  agents: { defaults: { model: 'home/m', modelPolicy: { allow: ['a/*'] } } },
                  models: { providers: { home: { baseUrl: 'ftp://x', colour: 'red', models: [ { name: 'm' } ] } } },
                }""");
        ConfigCheck check = ConfigCheck.of(source(file, Map.of()));
        assertThat(check.mistakes())
                .anyMatch(mistake -> mistake.startsWith("gateway.prot: unknown key, perhaps meant as 'port'")
                        && mistake.endsWith("(line 2, column 14)"))
                .anyMatch(mistake -> mistake.startsWith("gateway.auth.mode: must be token, password")
                        && mistake.endsWith("(line 2, column 31)"))
                .anyMatch(mistake -> mistake.startsWith("gateway.auth.token: the environment variable NOT_SET"))
                .anyMatch(mistake -> mistake.startsWith("agents.defaults.modelPolicy: protects"))
                .anyMatch(mistake -> mistake.startsWith("models.providers.home.baseUrl: must be an http or https URL")
                        && mistake.endsWith("(line 4, column 34)"))
                .anyMatch(mistake -> mistake.startsWith("models.providers.home.colour: unknown key")
                        && mistake.endsWith("(line 4, column 54)"))
                .anyMatch(mistake -> mistake.startsWith("models.providers.home.models[0].id: is missing")
                        && mistake.endsWith("(line 4, column 79)"))
                .hasSize(7);
        assertThat(check.json().at("/mistakes/0/line").intValue()).isPositive();
        assertThat(check.json().at("/mistakes/0/path").stringValue()).startsWith("gateway.");
        assertThat(check.lines()).last().asString().contains("7 mistakes");
        assertThatThrownBy(
                        () -> new Wiring(GatewayPair.options(file, folder), Map.of(), Extensions.load(Optional.empty()))
                                .start())
                .hasMessageContaining("(line 2, column 14)");
    }

    @Test
    void saysWhereAFileThatCannotBeReadIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("c.json"), "{ gateway: {\n  port: 0x10 } }");
        UsageException refused = catchThrowableOfType(
                UsageException.class, () -> source(file, Map.of()).read());
        JsonNode mistake =
                ConfigCheck.unreadable(file.toString(), refused).json().at("/mistakes/0");
        assertThat(mistake.path("line").intValue()).isEqualTo(2);
        assertThat(mistake.path("message").stringValue())
                .isEqualTo("the configuration file " + file
                        + " cannot be read: line 2, column 10: hexadecimal numbers are not read; write it in decimal");
    }

    @Test
    void showsWhatIsInForceAndWhereItComesFromButNoSecret() throws IOException {
        Path file = openClaw("http://127.0.0.1:9/v1");
        List<ConfigShow.Row> rows = ConfigShow.of(source(file, Map.of("OPENCLAW_GATEWAY_PORT", "18800")))
                .rows();
        assertThat(rows)
                .contains(new ConfigShow.Row("gateway.port", "0", "--port"))
                .contains(new ConfigShow.Row("limits.connections", "16384", "default"))
                .contains(new ConfigShow.Row("agents.entries.work.model", "home/m", file + ", line 40, column 22"))
                .anyMatch(row -> row.key().equals("gateway.auth.token")
                        && row.value().equals("***")
                        && row.from().endsWith("the env secret OPENCLAW_GATEWAY_TOKEN"))
                .anyMatch(row -> row.key().equals("models.providers.groq.apiKey")
                        && row.value().equals("***")
                        && row.from().endsWith("the variable GROQ_KEY of env.vars"));
        assertThat(rows.toString()).doesNotContain(TOKEN, "sk-home-key", "gsk-moving-in");
    }

    @Test
    void showsWhereTheTokenIsWhenNobodyGaveOne() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), "gateway: { port: 1 }");
        assertThat(ConfigShow.of(source(file, Map.of())).lines())
                .anyMatch(line -> line.startsWith("gateway.auth.token = ***  # ")
                        && line.endsWith("state/token, made at the first start"))
                .anyMatch(line -> line.equals("gateway.bind = loopback  # default"));
        assertThat(ConfigShow.of(source(file, Map.of("OPENCLAW_GATEWAY_TOKEN", "from-outside")))
                        .lines())
                .contains("gateway.auth.token = ***  # OPENCLAW_GATEWAY_TOKEN");
    }

    @Test
    void checksFromTheCommandLine() throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), "gateway: { port: 1 }");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "gateway: { port: x }");
        String state = folder.resolve("state").toString();
        assertThat(Cli.execute("config", "check", good.toString(), "--state-dir", state))
                .isEqualTo(Main.EXIT_OK);
        assertThat(Cli.execute("config", "check", bad.toString(), "--state-dir", state, "--json"))
                .isEqualTo(Main.EXIT_FAILED);
        assertThat(Cli.execute("config", "check", folder.toString(), "--state-dir", state))
                .isEqualTo(Main.EXIT_FAILED);
        assertThat(Cli.execute("config", "show", good.toString(), "--state-dir", state, "--json"))
                .isEqualTo(Main.EXIT_OK);
        assertThat(Cli.execute("config", "show", bad.toString(), "--state-dir", state))
                .isEqualTo(Main.EXIT_FAILED);
        assertThat(Files.exists(folder.resolve("state"))).isFalse();
    }
}
