package io.chela.app;

import static io.chela.app.ConfigText.HI;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.PemFiles;
import io.chela.testkit.PrivateAuthority;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which models stay and which are made anew when the configuration, a variable or a file is read again.
class RereadingProvidersTest {
    private static final String CHAT = "gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }\n";

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void aRunningTurnKeepsItsModelAndAnUntouchedProviderItsConnections() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var slow = ScriptedUpstream.answering(exchange -> {
                    exchange.stream();
                    exchange.text("be");
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                    exchange.text("gun");
                    exchange.finish("stop");
                    exchange.done();
                });
                var kept = ScriptedUpstream.saying("fine");
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var pair = GatewayPair.with(both(slow, kept), folder)) {
            assertThat(pair.chat(HI).body()).contains("fine");
            var running = threads.submit(() -> pair.chat(HI.replace("openclaw", "agent:slow")));
            Eventually.holds(() -> !slow.requests().isEmpty());
            pair.reread(ConfigText.of(kept.baseUrl()).yaml());
            assertThat(pair.chat(HI.replace("openclaw", "agent:slow")).statusCode())
                    .isEqualTo(404);
            assertThat(pair.chat(HI).body()).contains("fine");
            assertThat(kept.connections()).isEqualTo(1);
            goOn.countDown();
            assertThat(running.get(30, TimeUnit.SECONDS).body()).contains("begun");
            awaitNoConnection(slow);
        }
    }

    @Test
    void aVariableThatNoProviderUsesMakesNoProviderAnew() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(ConfigText.of(upstream.baseUrl()).yaml(), folder)) {
            assertThat(pair.chat(HI).body()).contains("fine");
            dotEnv("OTHER=1");
            pair.gateway().reread();
            pair.log().message("the variable OTHER");
            assertThat(pair.chat(HI).body()).contains("fine");
            assertThat(upstream.connections()).isEqualTo(1);

            dotEnv("OTHER=1", "no_proxy=*");
            pair.gateway().reread();
            awaitNoConnection(upstream);
        }
    }

    @Test
    void aKeyThatOnlyTheEnvironmentSaysIsTakenAndToldByItsName() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine")) {
            dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=sk-number-1");
            for (String model : List.of("agents: { defaults: { model: openai/m } }", "logging: { access: false }")) {
                try (var pair = GatewayPair.with(CHAT + model, folder)) {
                    for (String key : List.of("sk-number-1", "sk-number-2", "sk-number-1")) {
                        dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=" + key);
                        pair.gateway().reread();
                        assertThat(pair.chat(HI).body()).contains("fine");
                        assertThat(upstream.requests().getLast().headers())
                                .containsEntry("authorization", "Bearer " + key);
                    }
                    assertThat(pair.log().message("was read again")).endsWith("changed: the variable OPENAI_API_KEY");
                }
            }
            assertThat(Files.readString(folder.resolve("state/logs/chela.log"))).doesNotContain("sk-number");
        }
    }

    @Test
    void aKeyThatWasMissingIsFoundOnceItIsThere() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = GatewayPair.with(CHAT, folder)) {
            assertThat(pair.chat(HI).body()).doesNotContain("fine");
            dotEnv("OPENAI_BASE_URL=" + upstream.baseUrl(), "OPENAI_API_KEY=sk-number-1");
            pair.gateway().reread();
            assertThat(pair.chat(HI).body()).contains("fine");
        }
    }

    @Test
    void aProvidersPemFilesAreWatchedAndMakeItAnew() throws Exception {
        var signer = PrivateAuthority.make(folder);
        signer.issue("server", "ip:127.0.0.1");
        Path trusted = Files.copy(PemFiles.make(folder, "other").certificate(), folder.resolve("ca.pem"));
        try (var upstream = ScriptedUpstream.answering(signer.server("server"), exchange -> exchange.say("fine"));
                var pair = GatewayPair.with(
                        ConfigText.of(upstream.baseUrl())
                                .yaml()
                                .replace("home: {", "home: { request: { tls: { caPath: \"" + trusted + "\" } },"),
                        folder)) {
            assertThat(pair.chat(HI).statusCode()).isEqualTo(502);
            Files.writeString(trusted, "no certificate");
            assertThat(pair.log().message("was not taken")).contains("models.providers.home.request.tls.caPath");
            Files.copy(signer.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
            assertThat(pair.log().message("is in order")).endsWith("changed: the files of models.providers.home");
            assertThat(pair.chat(HI).body()).contains("fine");
        }
    }

    private static String both(ScriptedUpstream slow, ScriptedUpstream kept) {
        return ConfigText.of(kept.baseUrl())
                .agents("{ id: main, default: true }, { id: slow, model: slow/m }")
                .yaml()
                .replace("providers: {", "providers: { slow: { baseUrl: \"" + slow.baseUrl() + "\" },");
    }

    private void dotEnv(String... lines) throws IOException {
        Files.writeString(folder.resolve(".env"), String.join("\n", lines) + "\n");
    }

    /// Waits until the models that asked a server are closed: until then they keep their connections.
    private static void awaitNoConnection(ScriptedUpstream upstream) throws Exception {
        Eventually.holds(() -> upstream.connections() == 0);
    }
}
