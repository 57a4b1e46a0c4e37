package io.chela.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenClawKeysTest {
    @TempDir
    private Path folder = Path.of("unset");

    private LoadedFiles files = new LoadedFiles(Path.of("unset"));

    @BeforeEach
    void start() {
        files = new LoadedFiles(folder);
    }

    @Test
    void namesWhatIsIgnoredInOneWarningAndWhatRestrictsInAnother() throws IOException {
        Loaded loaded = files.load("c.yaml", """
                channels: { telegram: { botToken: x } }
                agents:
                  defaults: { heartbeat: { every: 30m }, model: { primary: a/b, fallbacks: [ c/d ] } }
                  list: [ { id: a, identity: { name: A }, tools: { deny: [ exec ] } }, { id: b, identity: {} } ]
                tools: { deny: [ browser ] }
                session: { store: ~/sessions.json }
                """);
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.warnings())
                .containsExactlyInAnyOrder(
                        "session.store: a path is OpenClaw's; sessions are kept in the state folder",
                        "ignored, since Chela does not have what these keys of OpenClaw are for: "
                                + "agents.defaults.heartbeat, agents.list.*.identity, channels",
                        "not enforced, since Chela does not have what these keys of OpenClaw restrict, or bounds it in its own way: "
                                + "agents.list.*.tools, tools");
        assertThat(loaded.tree().leaves().keySet())
                .containsExactly(
                        "agents.defaults.model.primary",
                        "agents.defaults.model.fallbacks[0]",
                        "agents.list[0].id",
                        "agents.list[1].id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents: { defaults: { modelPolicy: { allow: [ a/* ] } } } | agents.defaults.modelPolicy",
                "agents: { list: [ { id: a, modelPolicy: { allow: [ a/* ] } } ] } | agents.list[0].modelPolicy",
                "agents: { entries: { a: { modelPolicy: { allow: [ a/* ] } } } } | agents.entries.a.modelPolicy",
                "session: { sendPolicy: { default: deny } } | session.sendPolicy.default",
                "session: { sendPolicy: { rules: [ { action: deny } ] } } | session.sendPolicy.rules",
                "gateway: { tls: { caPath: /ca.pem } } | gateway.tls.caPath",
                "gateway: { roles: { default: guest } } | gateway.roles",
                "gateway: { auth: { identityScopes: { a: [ operator.read ] } } } | gateway.auth.identityScopes",
                "proxy: { enabled: true, proxyUrl: http://p:1 } | proxy.enabled",
                "models: { providers: { p: { models: [ { id: m, baseUrl: http://x } ] } } } | models.providers.p.models[0].baseUrl",
                "models: { providers: { p: { params: { provider: { zdr: true } } } } } | models.providers.p.params.provider"
            })
    void refusesToRunMoreOpenThanTheFileSays(String yaml, String path) throws IOException {
        assertThat(files.load("c.yaml", yaml).mistakes())
                .anySatisfy(mistake -> assertThat(mistake)
                        .startsWith(path + ": protects something that Chela does not protect in this way; ")
                        .contains(", and remove the key (line 1, column "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agents: { defaults: { modelPolicy: { allow: [] } } }",
                "session: { sendPolicy: { default: allow, rules: [] } }",
                "gateway: { roles: { default: no } }",
                "proxy: { enabled: false }",
                "gateway: { tls: { caPath: '' }, roles: {} }"
            })
    void letsProtectionsThatProtectNothingPass(String yaml) throws IOException {
        Loaded loaded = files.load("c.yaml", yaml);
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.tree().config().asNodeList().orElse(java.util.List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents: { defaults: { models: { anthropic/claude: { alias: c }, a/b: {} } } } | agents.defaults.models",
                "agents: { entries: { a: { models: { a/b: {} } } } } | agents.entries.*.models",
                "agents: { list: [ { id: a, models: { a/b: {} } } ] } | agents.list.*.models"
            })
    void saysThatTheListOfModelsLimitsNobody(String yaml, String path) throws IOException {
        assertThat(files.load("c.yaml", yaml).warnings())
                .containsExactly(path + ": limits no models here, as it did in OpenClaw before modelPolicy: whoever has"
                        + " the scope operator.admin may name any in x-openclaw-model; give callers credentials without"
                        + " it in gateway.auth.tokens");
    }

    @Test
    void knowsTheKeysBelowAPath() {
        assertThat(KeyList.below("")).contains("channels", "agents", "gateway");
        assertThat(KeyList.below("agents.defaults"))
                .contains("heartbeat", "model")
                .doesNotContain("channels");
        assertThat(KeyList.below("agents.list[3]")).contains("identity");
        assertThat(KeyList.below("models.providers")).isEmpty();
        assertThat(KeyList.below("limits")).isEmpty();
    }

    @Test
    void keepsAnAgentOfWhichNothingIsLeft() throws IOException {
        Loaded loaded = files.load("c.yaml", "agents: { entries: { a: { identity: { name: A } }, b: {} } }");
        assertThat(loaded.tree().config().get("agents.entries").asNodeList().orElseThrow())
                .hasSize(2);
    }

    @Test
    void leavesTheKeysOfOtherProvidersToTheirExtensions() throws IOException {
        Loaded loaded = files.load("c.yaml", """
                models: { providers: { local: { api: llamacpp, params: 1, models: [ { id: m, cost: 1 } ] },
                                       home: { params: 1, models: [ { id: m, cost: 1 } ] } } }
                """);
        assertThat(loaded.tree().leaves().keySet())
                .containsExactly(
                        "models.providers.local.api",
                        "models.providers.local.params",
                        "models.providers.local.models[0].id",
                        "models.providers.local.models[0].cost",
                        "models.providers.home.models[0].id");
    }

    @Test
    void listsNoKeyThatIsReadHere() throws IOException {
        Loaded loaded = Loaded.read(Path.of("../config/gateway.full.yaml"), Map.of(), folder);
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.mistakes()).isEmpty();
    }
}
