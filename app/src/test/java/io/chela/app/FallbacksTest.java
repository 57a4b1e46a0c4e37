package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `agents.defaults.model.fallbacks` in a whole gateway.
class FallbacksTest {
    private static final String ASK = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = ASK.replace("\"messages\"", "\"stream\":true,\"messages\"");

    @TempDir
    private Path folder = Path.of("unset");

    private static final String CONFIG = """
            gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
            agents: { defaults: { model: { primary: one/m, fallbacks: [ two/m ] } } }
            models: { providers: { one: { baseUrl: "%s" }, two: { baseUrl: "%s" } } }
            """;

    @Test
    void answersByTheNextModelWhenNobodyListensAtTheFirstOne() throws Exception {
        String gone;
        try (var closed = ScriptedUpstream.saying("never")) {
            gone = closed.baseUrl();
        }
        try (var two = ScriptedUpstream.saying("Hello");
                var pair = GatewayPair.with(CONFIG.formatted(gone, two.baseUrl()), folder)) {
            assertThat(said(pair, ASK)).isEqualTo("Hello");
            assertThat(pair.chat(STREAM).body())
                    .contains("\"content\":\"Hello\"")
                    .endsWith("data: [DONE]\n\n");
            var byWs = AgentCommand.ask(
                    pair.address(),
                    Json.object()
                            .put("message", "hi")
                            .put("idempotencyKey", "k")
                            .put("timeout", 30));
            assertThat(byWs.at("/payload/result/meta/agentMeta/provider").stringValue())
                    .isEqualTo("two");
            assertThat(two.requests())
                    .extracting(request -> request.json().path("model").stringValue())
                    .containsOnly("m");
            assertThat(Files.readString(folder.resolve("state/logs/chela.log")))
                    .containsPattern("failover.{1,3}broken");
        }
    }

    @Test
    void passesTheFirstModelsRefusalOnWhenTheNextOneFailsToo() throws Exception {
        try (var one = ScriptedUpstream.answering(
                        exchange -> exchange.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 7"));
                var two = ScriptedUpstream.answering(
                        exchange -> exchange.json(401, "{\"error\":{\"message\":\"bad key\"}}"));
                var pair = GatewayPair.with(CONFIG.formatted(one.baseUrl(), two.baseUrl()), folder)) {
            var answer = pair.chat(ASK);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("retry-after")).contains("7");
            assertThat(Json.readObject(answer.body()).at("/error/message").stringValue())
                    .contains("'one'")
                    .contains("Its fallback two/m: ")
                    .contains("'two'");
            assertThat(one.requests()).hasSize(1);
            assertThat(two.requests()).hasSize(1);
        }
    }

    @Test
    void saysAtTheStartWherePromptsMayGo() throws Exception {
        try (var one = ScriptedUpstream.saying("a");
                var two = ScriptedUpstream.saying("b");
                var pair = GatewayPair.with(CONFIG.formatted(one.baseUrl(), two.baseUrl()), folder, Map.of())) {
            assertThat(StartBlock.lines(pair.gateway(), 1))
                    .anySatisfy(line -> assertThat(line)
                            .contains("model    one/m")
                            .contains("prompts go to ")
                            .contains("when it fails to two/m")
                            .contains(Integer.toString(two.port())));
        }
    }

    @Test
    void tellsClientsWhichThereAre() throws Exception {
        String config = CONFIG.formatted("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1");
        try (var pair = GatewayPair.with(config, folder);
                var client = GatewayClient.connect(pair.address(), "operator.read")) {
            client.send("1", "agents.list", Json.object());
            var model = client.response("1", Duration.ofSeconds(10)).at("/payload/agents/0/model");
            assertThat(Json.write(model)).isEqualTo("{\"primary\":\"one/m\",\"fallbacks\":[\"two/m\"]}");
        }
    }

    @Test
    void takesOverFallbacksThatTheFileGetsWhileItRuns() throws Exception {
        try (var one = ScriptedUpstream.answering(exchange -> exchange.json(500, "{}"));
                var two = ScriptedUpstream.saying("Hello")) {
            String with = CONFIG.formatted(one.baseUrl(), two.baseUrl());
            try (var pair = GatewayPair.with(with.replace(", fallbacks: [ two/m ]", ""), folder)) {
                assertThat(pair.chat(ASK).statusCode()).isEqualTo(502);
                pair.reread(with);
                assertThat(said(pair, ASK)).isEqualTo("Hello");
            }
        }
    }

    private static String said(GatewayPair pair, String request) throws Exception {
        var answer = pair.chat(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.readObject(answer.body()).at("/choices/0/message/content").stringValue();
    }
}
