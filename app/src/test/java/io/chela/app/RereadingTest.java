package io.chela.app;

import static io.chela.app.ConfigText.HI;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway does when its configuration is read again.
class RereadingTest {
    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void agentsTokensLimitsAndPagesAreAsTheNextRequestFindsThem() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var other = ScriptedUpstream.saying("other");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            var text = ConfigText.of(upstream.baseUrl());
            assertThat(pair.status("app-token-1")).isEqualTo(200);

            pair.reread(text.agents("{ id: main, instructions: Be brief. }, { id: two, aliases: [ gpt-4o ] }")
                    .yaml());
            assertThat(pair.chat(HI.replace("openclaw", "gpt-4o")).headers().firstValue("x-openclaw-agent-id"))
                    .contains("two");
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
            assertThat(upstream.requests().getLast().body()).contains("Be brief.");

            pair.reread(text.auth("tokens: [ { id: app, token: app-token-2, scopes: [ operator.read ] } ]")
                    .yaml());
            assertThat(pair.status("app-token-1")).isEqualTo(401);
            assertThat(pair.status("app-token-2")).isEqualTo(403);

            pair.reread(text.rest("limits: { bodyBytes: 50 }").yaml());
            assertThat(pair.chat(HI).statusCode()).isEqualTo(413);
            assertThat(pair.chat(HI).body()).contains("50");

            pair.reread(text.agents("{ id: only }").yaml());
            assertThat(pair.chat(HI).headers().firstValue("x-openclaw-agent-id"))
                    .contains("only");

            pair.reread(ConfigText.of(other.baseUrl()).yaml());
            assertThat(pair.chat(HI).body()).contains("other");

            assertThat(pair.get("/healthz").headers().firstValue("vary")).isEmpty();
            pair.reread(text.yaml().replace("http: {", "http: { cors: { allowedOrigins: [ \"*\" ] },"));
            assertThat(pair.get("/healthz").headers().firstValue("vary")).contains("Origin");
        }
    }

    @Test
    void aMistakeKeepsWhatWasReadBeforeAndIsToldOnce() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            var text = ConfigText.of(upstream.baseUrl());
            String bad = text.agents("{ id: main, modle: home/m }")
                    .rest("limits: { runSeconds: never }")
                    .yaml();
            pair.reread(bad);
            pair.gateway().reread();
            assertThat(pair.log().message("2 mistakes")).contains("agents.list[0].modle", "limits.runSeconds");
            assertThat(pair.status("app-token-1")).isEqualTo(200);

            pair.reread("agents: [ {");
            pair.gateway().reread();
            assertThat(pair.log().message("a mistake")).contains("line 1");

            pair.reread(text.yaml().replace("home/m }", "home/x }"));
            assertThat(pair.log().message("home/x")).contains("the agent 'main' wants the model");

            pair.replace("");
            pair.gateway().reread();
            assertThat(pair.log().message("it is empty or gone")).isNotEmpty();
            assertThat(pair.status("app-token-1")).isEqualTo(200);

            pair.reread(text.auth("tokens: [ { id: app, token: app-token-9 } ]").yaml());
            assertThat(pair.log().message("is in order")).endsWith("changed: gateway.auth.tokens[0].token");
            assertThat(pair.status("app-token-9")).isEqualTo(200);
            pair.reread(bad);
            Eventually.holds(() -> pair.log().count("2 mistakes") == 2);
            assertThat(pair.log().count("a mistake:")).isEqualTo(3);
            assertThat(pair.log().text()).doesNotContain("app-token-1", "app-token-9");
        }
    }

    /// An environment in which something happens once, while a configuration is being read.
    private static Map<String, String> during(AtomicReference<Runnable> event) {
        return new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                return Set.of();
            }

            @Override
            public Set<String> keySet() {
                event.getAndSet(() -> {}).run();
                return Set.of();
            }
        };
    }

    @Test
    void aMistakeThatComesWhileAnotherIsReadIsToldToo() throws Exception {
        var event = new AtomicReference<Runnable>(() -> {});
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder, during(event))) {
            var text = ConfigText.of(upstream.baseUrl());
            pair.replace(text.rest("limits: { runSeconds: never }").yaml());
            event.set(() -> {
                try {
                    pair.replace(text.rest("limits: { bodyBytes: few }").yaml());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            pair.gateway().reread();
            pair.gateway().reread();
            assertThat(pair.log().message("bodyBytes")).contains("a mistake: ");
            assertThat(pair.log().count("bodyBytes")).isEqualTo(1);
        }
    }

    @Test
    void theChatDoorOpensAndCloses() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            String open = ConfigText.of(upstream.baseUrl()).yaml();
            pair.reread(open.replace("enabled: true", "enabled: false"));
            assertThat(pair.chat(HI).statusCode()).isEqualTo(404);
            assertThat(pair.chat(HI).body()).isEqualTo(pair.get("/nothing").body());
            pair.reread(open);
            assertThat(pair.chat(HI).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theLogChangesItsLevelAndItsPlace() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            var text = ConfigText.of(upstream.baseUrl());
            pair.reread(text.rest("logging: { access: false }").yaml());
            pair.chat(HI, "x-request-id", "unseen");
            pair.reread(text.rest("logging: { file: other.log, format: text }").yaml());
            pair.chat(HI, "x-request-id", "seen");
            Path other = folder.resolve("state/other.log");
            Eventually.holds(
                    () -> Files.exists(other) && Files.readString(other).contains("id=seen"));
            assertThat(pair.log().text()).doesNotContain("unseen", "id=seen");
        }
    }

    @Test
    void aFileThatChangesIsReadWithoutBeingAsked() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            pair.replace(
                    ConfigText.of(upstream.baseUrl()).agents("{ id: renamed }").yaml());
            Eventually.holds(() ->
                    pair.chat(HI).headers().firstValue("x-openclaw-agent-id").equals(Optional.of("renamed")));
            assertThat(pair.log().message("was read again")).contains("agents.list[0].id");
        }
    }
}
