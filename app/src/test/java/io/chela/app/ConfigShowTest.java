package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.app.ConfigShow.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `chela config show` says of the keys that only a provider's extension knows.
class ConfigShowTest {
    private static final String HOME = "models.providers.home.";

    @TempDir
    private Path folder = Path.of("unset");

    private ConfigShow show(String providers) throws IOException {
        return show(providers, Map.of(), Optional.empty());
    }

    private ConfigShow show(String providers, Map<String, String> environment, Optional<Path> modules)
            throws IOException {
        Path file = Files.writeString(folder.resolve("chela.yaml"), "models: { providers: { " + providers + " } }\n");
        return ConfigShow.of(
                new Reading.Source(GatewayPair.options(file, folder), environment, Extensions.load(modules)));
    }

    @Test
    void listsWhatHoldsWhereAnEntryIsSilent() throws IOException {
        var shown = show("""
                home: { baseUrl: 'http://127.0.0.1:9/v1', models: [ { id: m } ] },
                7: { baseUrl: 'http://127.0.0.1:9/v1', passThrough: [ seed ] }""");

        assertThat(shown.rows())
                .contains(new Row(HOME + "api", "openai-completions", "default"))
                .contains(new Row(HOME + "timeoutSeconds", "120", "default"))
                .contains(new Row(HOME + "passThrough", "all", "default"))
                .contains(new Row(HOME + "request.tls.insecureSkipVerify", "false", "default"))
                .contains(new Row(HOME + "models[0].compat.usageInStream", "true", "default"))
                .contains(new Row("models.providers.7.timeoutSeconds", "120", "default"));
        assertThat(shown.rows())
                .extracting(Row::key)
                .contains("models.providers.7.passThrough[0]")
                .doesNotContain("models.providers.7.passThrough")
                .as("keys without a default")
                .doesNotContain(HOME + "apiKey", HOME + "models[0].contextWindow", HOME + "models[0].maxTokens");
        assertThat(shown.json().path("keys").valueStream().map(Object::toString))
                .contains("{\"key\":\"" + HOME + "authHeader\",\"value\":\"true\",\"from\":\"default\"}");
    }

    @Test
    void saysWhereAnAgentsModelAndAVariableAreFrom() throws IOException {
        Path env = Files.writeString(folder.resolve(".env"), "NAME=Ada\n");
        Path file = Files.writeString(folder.resolve("chela.yaml"), """
                agents:
                  defaults: { model: { primary: offline/echo } }
                  list: [ { id: one, name: "${NAME} and ${OTHER}" }, { id: two, model: offline/echo } ]
                """);
        var shown = ConfigShow.of(new Reading.Source(
                GatewayPair.options(file, folder), Map.of("OTHER", "Bo"), Extensions.load(Optional.empty())));
        assertThat(shown.rows())
                .contains(new Row(
                        "agents.list[0].model",
                        "offline/echo",
                        "agents.defaults.model.primary, " + file + ", line 2, column 33"))
                .contains(new Row(
                        "agents.list[0].name",
                        "Ada and Bo",
                        file + ", line 3, column 28, the variable NAME of " + env + ", OTHER"))
                .contains(new Row("agents.list[1].model", "offline/echo", file + ", line 3, column 72"));
    }

    @Test
    void masksTheValuesOfAQueryAndNotItsNames() throws IOException {
        var shown = show("home: { baseUrl: 'http://127.0.0.1:9/v1?api-version=2024-10-21&sig=s3cr3t-sig' }");
        assertThat(shown.rows()).extracting(Row::value).contains("http://127.0.0.1:9/v1?api-version=***&sig=***");
    }

    @Test
    void listsWhatTheFileSaysInsteadOfTheDefault() throws IOException {
        var shown =
                show("home: { baseUrl: 'http://127.0.0.1:9/v1', timeoutSeconds: 7, compat: { usageInStream: false },"
                        + " models: [ { id: m } ] }");

        assertThat(shown.rows())
                .filteredOn(row -> row.key().equals(HOME + "timeoutSeconds"))
                .singleElement()
                .satisfies(row -> assertThat(row.value()).isEqualTo("7"))
                .satisfies(row -> assertThat(row.from()).contains("line 1, column"));
        assertThat(shown.rows())
                .as("a model's own default is what its provider says")
                .contains(new Row(HOME + "models[0].compat.usageInStream", "false", "default"));
    }

    @Test
    void refusesAFileWithTheMistakesOfItsProvidersAndAllOthers() {
        assertThatThrownBy(() -> show("home: { baseUrl: 'ftp://x', colour: red } }, autodetect: perhaps, x: { "))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(HOME + "baseUrl: must be an http or https URL")
                .hasMessageContaining(HOME + "colour: unknown key")
                .hasMessageContaining("models.autodetect: must be true or false")
                .hasMessageContaining("(line 1, column ");
    }

    @Test
    void listsNothingButTheFileOfAProviderOfATypeThatNobodyHas() throws IOException {
        assertThat(show("theirs: { api: anthropic-messages }").rows())
                .filteredOn(row -> row.key().startsWith("models.providers."))
                .extracting(Row::key)
                .containsExactly("models.providers.theirs.api");
    }

    @Test
    void makesNoModelsAndTellsNoSecret() throws IOException {
        Path jar = Files.createDirectory(folder.resolve("modules")).resolve("hello/hello.jar");
        SourceJar.provider(jar, "com.example.hello", "\"hello\"", """
                @Override public void read(ExtensionContext context) {
                    Settings settings = context.settings();
                    settings.text("api");
                    settings.text("greeting", "Hello");
                    settings.text("signature", "yours, " + context.environment().get("OPENAI_API_KEY"));
                    settings.text("password", "swordfish");
                    settings.finish();
                }""");

        var shown = show(
                "home: { api: hello }", // whose create fails
                Map.of("OPENAI_API_KEY", "a-key-of-the-environment"),
                Optional.of(folder.resolve("modules")));

        assertThat(shown.lines())
                .contains(HOME + "greeting = Hello  # default")
                .contains(HOME + "signature = yours, ***  # default")
                .contains(HOME + "password = ***  # default");
    }

    @Test
    void tellsNoPasswordOfAProxy() throws IOException {
        var shown = show("home: { baseUrl: 'http://127.0.0.1:9/v1', request: { proxy: {"
                + " mode: explicit-proxy, url: 'http://user:s3cr3t@proxy:3128' } } }");

        assertThat(shown.rows())
                .filteredOn(row -> row.key().equals(HOME + "request.proxy.url"))
                .singleElement()
                .satisfies(row -> assertThat(row.value()).contains("***").doesNotContain("s3cr3t"));
    }
}
