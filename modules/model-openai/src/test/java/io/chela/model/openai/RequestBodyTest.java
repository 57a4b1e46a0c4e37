package io.chela.model.openai;

import static io.chela.model.openai.Asked.configured;
import static io.chela.model.openai.Asked.model;
import static io.chela.model.openai.Asked.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.spi.Model;
import io.chela.testkit.ScriptedUpstream;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
    private static final String MEMBERS = "{\"temperature\":0.5,\"tools\":[],\"vendor\":1,\"model\":\"theirs\","
            + "\"messages\":[],\"stream\":false,\"api_base\":\"x\",\"api_key\":\"x\",\"base_url\":\"x\","
            + "\"models\":[],\"route\":\"x\",\"fallbacks\":[],\"plugins\":[],\"user\":\"me\"}";

    private static tools.jackson.databind.node.ObjectNode sent(
            String parameters, UnaryOperator<ObjectNode.Builder> settings) {
        try (var upstream = ScriptedUpstream.saying("ok")) {
            Model model = configured(upstream, settings);
            try (var reply = model.reply(prompt(Json.readObject(parameters)))) {
                reply.forEach(_ -> {});
            }
            return upstream.requests().getFirst().json();
        }
    }

    private static Set<String> passed(UnaryOperator<ObjectNode.Builder> settings) {
        var body = sent(MEMBERS, settings);
        assertThat(body.path("model").stringValue()).isEqualTo("qwen3");
        assertThat(body.path("messages")).hasSize(2);
        assertThat(body.path("stream").booleanValue()).isTrue();
        assertThat(body.at("/stream_options/include_usage").booleanValue()).isTrue();
        Set<String> names = new TreeSet<>(body.propertyNames());
        names.removeAll(Set.of("model", "messages", "stream", "stream_options"));
        return names;
    }

    private static ListNode list(String... members) {
        var list = ListNode.builder();
        for (String member : members) {
            list.addValue(member);
        }
        return list.build();
    }

    @Test
    void passesAllOnButWhatWouldLeadElsewhere() {
        assertThat(passed(entry -> entry)).containsExactly("temperature", "tools", "vendor");
        assertThat(passed(entry -> entry.addValue("passThrough", "all")))
                .containsExactly("temperature", "tools", "vendor");
    }

    @Test
    void passesOnWhatItsListNamesOrNothing() {
        assertThat(passed(entry -> entry.addList("passThrough", list("vendor", "user", "absent"))))
                .containsExactly("user", "vendor");
        assertThat(passed(entry -> entry.addList("passThrough", list()))).isEmpty();
        assertThat(passed(entry -> entry.addValue("passThrough", "none"))).isEmpty();
    }

    @Test
    void refusesToPassOnWhatIsItsOwnOrMakesNoSense() {
        assertThatThrownBy(() -> sent("{}", entry -> entry.addList("passThrough", list("stream"))))
                .hasMessage("passThrough: must not name stream, which is the gateway's");
        assertThatThrownBy(() -> sent("{}", entry -> entry.addValue("passThrough", "some")))
                .hasMessage("passThrough: must be all, none or a list of members, not 'some'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                            |                       |     | {}
            {"max_tokens":5}                              |                       |     | {"max_tokens":5}
            {"max_completion_tokens":6}                   |                       |     | {"max_completion_tokens":6}
            {"max_tokens":5,"max_completion_tokens":6}    |                       |     | {"max_completion_tokens":6}
            {"max_tokens":5,"max_completion_tokens":null} |                       |     | {"max_tokens":5}
            {"max_tokens":null}                           |                       | 9   | {"max_completion_tokens":9}
            {"max_tokens":5}                              |                       | 9   | {"max_tokens":5}
            {"max_tokens":5}                              | max_completion_tokens |     | {"max_completion_tokens":5}
            {"max_tokens":5,"max_completion_tokens":6}    | max_tokens            |     | {"max_tokens":6}
            {}                                            | max_tokens            | 9   | {"max_tokens":9}
            """)
    void namesTheLimitOfTokensAsTheServerKnowsIt(
            String parameters,
            @org.jspecify.annotations.Nullable String field,
            @org.jspecify.annotations.Nullable Integer listed,
            String limits) {
        var body = sent(parameters, entry -> {
            if (field != null) {
                entry.addObject(
                        "compat",
                        ObjectNode.builder().addValue("maxTokensField", field).build());
            }
            var model = ObjectNode.builder().addValue("id", "qwen3");
            if (listed != null) {
                model.addValue("maxTokens", listed.toString());
            }
            return entry.addList(
                    "models", ListNode.builder().addObject(model.build()).build());
        });
        var found = Json.object();
        for (String name : Set.of("max_tokens", "max_completion_tokens")) {
            if (body.has(name)) {
                found.set(name, body.get(name));
            }
        }
        assertThat(found).isEqualTo(Json.readObject(limits));
    }

    @Test
    void asksNotForUsageWhereTheServerCannotGiveItAndTheModelsWordCounts() {
        var parameters = "{\"max_tokens\":5,\"stream_options\":{\"include_obfuscation\":false}}";
        var provider = ObjectNode.builder()
                .addValue("usageInStream", "false")
                .addValue("maxTokensField", "max_completion_tokens")
                .build();
        var body = sent(parameters, entry -> entry.addObject("compat", provider));
        assertThat(body.has("stream_options")).isFalse();
        assertThat(body.has("max_completion_tokens")).isTrue();

        var model = ObjectNode.builder()
                .addValue("id", "qwen3")
                .addObject(
                        "compat",
                        ObjectNode.builder().addValue("usageInStream", "true").build())
                .build();
        var other = sent(
                parameters,
                entry -> entry.addObject("compat", provider)
                        .addList("models", ListNode.builder().addObject(model).build()));
        assertThat(other.get("stream_options"))
                .isEqualTo(Json.readObject("{\"include_obfuscation\":false,\"include_usage\":true}"));
        assertThat(other.has("max_completion_tokens")).isTrue();
    }

    @Test
    void refusesSettingsThatNoRequestCouldCarry() {
        try (var upstream = ScriptedUpstream.saying("never")) {
            assertThatThrownBy(() -> configured(
                            upstream,
                            entry -> entry.addObject(
                                            "headers",
                                            ObjectNode.builder()
                                                    .addValue("X Team", "a")
                                                    .addValue("X-B", "a\r\nX-C: d")
                                                    .build())
                                    .addValue("apiKey", "sk-ключ")
                                    .addObject(
                                            "compat",
                                            ObjectNode.builder()
                                                    .addValue("maxTokensField", "n_predict")
                                                    .addValue("x", "1")
                                                    .build())))
                    .message()
                    .contains("headers.X Team: is no name of an HTTP header")
                    .contains("headers.X-B: must be printable ASCII")
                    .contains("apiKey: must be printable ASCII")
                    .contains("compat.maxTokensField: must be max_tokens or max_completion_tokens, not 'n_predict'")
                    .contains("compat.x: unknown key")
                    .doesNotContain("sk-");
            assertThatThrownBy(() -> model(upstream, "timeoutSeconds", "0"))
                    .hasMessageContaining("timeoutSeconds: must be a whole number from 1 to 86400, not '0'");
        }
    }
}
