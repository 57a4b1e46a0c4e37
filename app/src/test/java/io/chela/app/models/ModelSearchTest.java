package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.ModelRef;
import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Exchange;
import io.chela.testkit.ScriptedUpstream.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSearchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ModelRef FALLBACK = new ModelRef("offline", "echo");
    private static final ModelSearch.Starter STARTER =
            new ModelSearch.Starter(new ModelRef("starter", "smollm2"), "tiny.gguf");
    private static final Map<String, String> KEY = Map.of("OPENAI_API_KEY", "sk-of-the-environment");

    @TempDir
    private Path folder = Path.of("unset");

    private static LocalServer at(ScriptedUpstream server, String provider) {
        return new LocalServer(provider, URI.create(server.baseUrl()).getPort());
    }

    private static Script serving(String... ids) {
        return exchange -> exchange.json(
                200,
                "{\"object\":\"list\",\"data\":["
                        + String.join(
                                ",",
                                List.of(ids).stream()
                                        .map(id -> "{\"id\":\"" + id + "\"}")
                                        .toList()) + "]}");
    }

    private Finding find(List<LocalServer> servers, Map<String, String> environment, boolean starter) {
        return find(servers, environment, starter, PATIENCE);
    }

    private Finding find(List<LocalServer> servers, Map<String, String> environment, boolean starter, Duration limit) {
        return new ModelSearch(servers, limit, folder, environment)
                .find(new ModelSearch.Question(
                        Optional.of(STARTER).filter(_ -> starter), Set.of("home"), 0, true, FALLBACK));
    }

    private Finding found(Script script) {
        try (var server = ScriptedUpstream.answering(script)) {
            return find(List.of(at(server, "ollama")), Map.of(), false);
        }
    }

    @Test
    void takesAServerOfThisMachineFirst() throws IOException {
        Files.write(folder.resolve("a.gguf"), GgufBytes.model());
        try (var server = ScriptedUpstream.answering(serving("qwen3", "llama3.2"))) {
            Finding found = find(List.of(at(server, "ollama")), KEY, true);
            String address = "127.0.0.1:" + at(server, "").port();
            assertThat(found.model()).hasToString("ollama/qwen3");
            assertThat(found.how()).isEqualTo("found on " + address);
            assertThat(found.entry()
                            .orElseThrow()
                            .config()
                            .get("baseUrl")
                            .asString()
                            .get())
                    .isEqualTo("http://" + address + "/v1");
            assertThat(found.notes()).containsExactly("also found: ollama/llama3.2; choose with agents.defaults.model");
            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.path()).isEqualTo("/v1/models");
                assertThat(request.headers()).doesNotContainKey("authorization");
            });
        }
    }

    @Test
    void prefersTheEarlierOfTwoServersAndNamesTheOther() {
        try (var first = ScriptedUpstream.answering(exchange -> {
                    Thread.sleep(100);
                    serving("a").answer(exchange);
                });
                var second = ScriptedUpstream.answering(serving("b", "c", "d", "e"))) {
            Finding found = find(List.of(at(first, "ollama"), at(second, "vllm")), Map.of(), false);
            assertThat(found.model()).hasToString("ollama/a");
            assertThat(found.notes())
                    .containsExactly(
                            "also found: vllm/b, vllm/c, vllm/d and 1 more; choose with agents.defaults.model");
        }
    }

    @Test
    void skipsModelsThatOnlyMakeNumbers() {
        assertThat(found(serving("nomic-embed-text", "text-embedding-3", "BAAI/bge-m3", "all-minilm:l6", "llama3"))
                        .model())
                .hasToString("ollama/llama3");
        Finding none = found(serving("nomic-embed-text"));
        assertThat(none.model()).isEqualTo(FALLBACK);
        assertThat(none.notes()).singleElement().asString().contains("has no model to talk to");
    }

    @Test
    void leavesOutWhatOllamaSendsOnToItsCloud() {
        Finding found = found(serving("gpt-oss:120b-cloud", "glm-4.6:cloud", "cloudy:8b", "cloud"));
        assertThat(found.model()).hasToString("ollama/cloudy:8b");
        assertThat(found.notes())
                .containsExactly(
                        "also found: ollama/cloud; choose with agents.defaults.model",
                        "left out, since prompts would go on to ollama.com: ollama/gpt-oss:120b-cloud,"
                                + " ollama/glm-4.6:cloud; to have one answer, name it in agents.defaults.model");
        Finding none = found(serving("glm-4.6:cloud"));
        assertThat(none.model()).isEqualTo(FALLBACK);
        assertThat(none.notes()).singleElement().asString().startsWith("left out, since prompts would go on");
    }

    @Test
    void skipsAnotherGatewaysAgents() {
        assertThat(found(exchange -> exchange.json(200, "{\"data\":[{\"id\":\"openclaw\",\"owned_by\":\"openclaw\"}]}"))
                        .model())
                .isEqualTo(FALLBACK);
    }

    @Test
    void saysThatAServerWantsAKey() {
        Finding found = found(exchange -> exchange.json(401, "{}"));
        assertThat(found.model()).isEqualTo(FALLBACK);
        assertThat(found.notes()).singleElement().asString().contains("wants a key", "models.providers");
    }

    @Test
    void followsNoRedirect() {
        try (var other = ScriptedUpstream.answering(serving("a"));
                var server = ScriptedUpstream.answering(
                        exchange -> exchange.json(302, "{}", "Location: " + other.baseUrl() + "/models"))) {
            assertThat(find(List.of(at(server, "ollama")), Map.of(), false).model())
                    .isEqualTo(FALLBACK);
            assertThat(other.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[]",
                "{}",
                "{\"data\":{}}",
                "{\"data\":[1,null,{\"id\":\"\"},{\"id\":\"a\\u001b[2J\"}]}",
                "{\"data\":[{\"id\":7"
            })
    void takesNoOtherServerForAModelServer(String body) {
        assertThat(found(exchange -> exchange.json(200, body)).model()).isEqualTo(FALLBACK);
    }

    @Test
    void readsAnAnswerWithoutALength() {
        assertThat(found(exchange -> {
                            exchange.raw("HTTP/1.0 200 OK\r\n\r\n{\"data\":[{\"id\":\"a\"}]}");
                            exchange.cut();
                        })
                        .model())
                .hasToString("ollama/a");
    }

    @Test
    void readsNoEndlessAnswer() throws InterruptedException {
        try (var server = ScriptedUpstream.answering(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n\r\n");
            exchange.forEver("x".repeat(10_000), Duration.ZERO);
        })) {
            assertThat(find(List.of(at(server, "ollama")), Map.of(), false).model())
                    .isEqualTo(FALLBACK);
            assertThat(server.awaitHangUp(PATIENCE.toMillis())).isTrue();
        }
    }

    @Test
    void waitsNoLongerThanItsLimitForSilentAndSlowServers() {
        try (var silent = ScriptedUpstream.answering(Exchange::hang);
                var slow = ScriptedUpstream.answering(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\n\r\n");
                    exchange.forEver("x", Duration.ofMillis(20));
                })) {
            long before = System.nanoTime();
            Finding found = find(List.of(at(silent, "a"), at(slow, "b")), Map.of(), false, LocalServer.LIMIT);
            assertThat(found.model()).isEqualTo(FALLBACK);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThanOrEqualTo(LocalServer.LIMIT.minusMillis(10))
                    .isLessThan(LocalServer.LIMIT.multipliedBy(10));
        }
    }

    @Test
    void asksNobodyOffThisMachine() throws IOException {
        assertThatThrownBy(() -> LoopbackCall.get(InetAddress.getByName("192.0.2.1"), 80, "/", System.nanoTime()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotAskItsOwnPort() {
        try (var server = ScriptedUpstream.answering(serving("a"))) {
            LocalServer own = at(server, "llama-server");
            Finding found = new ModelSearch(List.of(own), PATIENCE, folder, Map.of())
                    .find(new ModelSearch.Question(Optional.empty(), Set.of(), own.port(), true, FALLBACK));
            assertThat(found.model()).isEqualTo(FALLBACK);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void leavesTheNamesOfConfiguredProvidersAlone() {
        try (var server = ScriptedUpstream.answering(serving("a"))) {
            assertThat(find(List.of(at(server, "home")), Map.of(), false).model())
                    .hasToString("found-home/a");
        }
    }

    @Test
    void takesAFileOfTheModelsFolderNext() throws IOException {
        Files.write(folder.resolve("b.gguf"), GgufBytes.model());
        Files.write(folder.resolve("broken.gguf"), new byte[10]);
        Finding found = find(List.of(), KEY, true);
        assertThat(found.model()).hasToString("local/b");
        assertThat(found.how()).isEqualTo("found in " + folder);
        assertThat(found.entry().orElseThrow().api()).isEqualTo("llamacpp");
        assertThat(found.notes()).singleElement().asString().contains("broken.gguf");
    }

    @Test
    void countsTheStartersOwnFileAsTheStarter() throws IOException {
        Files.write(folder.resolve("tiny.gguf"), GgufBytes.model());
        assertThat(find(List.of(), KEY, true).model()).isEqualTo(STARTER.model());
        assertThat(find(List.of(), KEY, false).model()).hasToString("local/tiny");
    }

    @Test
    void sendsNothingOffTheMachineByItselfWhereAStarterIsNamed() {
        Finding found = find(List.of(), KEY, true);
        assertThat(found.model()).isEqualTo(STARTER.model());
        assertThat(found.entry()).isEmpty();
    }

    @Test
    void takesTheKeyOfTheEnvironmentLast() {
        Finding found = find(List.of(), KEY, false);
        assertThat(found.model()).hasToString("openai/gpt-4.1-mini");
        assertThat(found.how()).isEqualTo("by OPENAI_API_KEY");
        var config = found.entry().orElseThrow().config();
        assertThat(config.get("baseUrl").asString().get()).isEqualTo("https://api.openai.com/v1");
        assertThat(config.get("apiKey").asString().get()).isEqualTo("sk-of-the-environment");
    }

    @Test
    void takesTheBaseUrlOfTheEnvironmentAndNamesOneThatIsNone() {
        Finding found =
                find(List.of(), Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "http://127.0.0.1:9/v1"), false);
        assertThat(found.entry()
                        .orElseThrow()
                        .config()
                        .get("baseUrl")
                        .asString()
                        .get())
                .isEqualTo("http://127.0.0.1:9/v1");
        assertThatThrownBy(() -> find(List.of(), Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "pass@word"), false))
                .hasMessageStartingWith("OPENAI_BASE_URL: must be an http or https URL")
                .message()
                .doesNotContain("pass@word");
    }

    @Test
    void fallsBackWhenNothingIsThere() {
        Finding found = find(List.of(new LocalServer("nobody", 1)), Map.of("OPENAI_API_KEY", " "), false);
        assertThat(found.model()).isEqualTo(FALLBACK);
        assertThat(found.notes()).isEmpty();
    }

    @Test
    void knowsTheProvidersThatEverybodyHas() {
        var search = new ModelSearch(folder, KEY);
        assertThat(search.wellKnown("ollama", Set.of("a"))
                        .orElseThrow()
                        .config()
                        .get("baseUrl")
                        .asString()
                        .get())
                .isEqualTo("http://127.0.0.1:11434/v1");
        assertThat(search.wellKnown("openai", Set.of("gpt-5")).orElseThrow().id())
                .isEqualTo("openai");
        assertThat(search.wellKnown("local", Set.of("m"))
                        .orElseThrow()
                        .config()
                        .get("models.0.file")
                        .asString()
                        .get())
                .isEqualTo(folder.resolve("m.gguf").toString());
        assertThat(search.wellKnown("nobody", Set.of("x"))).isEmpty();
        assertThat(new ModelSearch(folder, Map.of()).wellKnown("openai", Set.of("gpt-5")))
                .isEmpty();
    }
}
