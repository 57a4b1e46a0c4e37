package io.chela.model.openai;

import static io.chela.model.openai.Asked.events;
import static io.chela.model.openai.Asked.failure;
import static io.chela.model.openai.Asked.model;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.testkit.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
    private static final String WHOLE = "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"höher\",\"reasoning_content\":\"hm\",\"refusal\":null,\"tool_calls\":[{\"id\":\"c1\","
            + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
            + "\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";

    private static List<ModelEvent> read(String... chunks) {
        var reader = new ChunkReader(Asked.ERRORS);
        return java.util.Arrays.stream(chunks)
                .flatMap(chunk -> reader.read(Json.readObject(chunk)).stream())
                .toList();
    }

    private static String delta(String delta) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}";
    }

    private static ScriptedUpstream answering(String type, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return ScriptedUpstream.answering(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n" + type + "Transfer-Encoding: chunked\r\n\r\n");
            exchange.piece(bytes);
            exchange.raw("0\r\n\r\n");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json\r\n",
                "Content-Type: application/json; charset=utf-8\r\n",
                "Content-Type: Application/JSON;charset=UTF-8\r\n",
                "Content-Type: application/vnd.api+json\r\n",
                "Content-Type: text/plain\r\n",
                "",
            })
    void understandsAWholeAnswerWhateverItsTypeIs(String type) {
        try (var upstream = answering(type, "\uFEFF\r\n " + WHOLE + "\n")) {
            var events = events(model(upstream));
            assertThat(events).hasSize(5).startsWith(new ModelEvent.Text("höher"));
            assertThat(((ModelEvent.ToolCallDelta) events.get(1)).json())
                    .isEqualTo(Json.readObject("{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
                            + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}"));
            assertThat(((ModelEvent.Extra) events.get(2)).member()).isEqualTo("reasoning_content");
            assertThat(events.get(3)).isEqualTo(new ModelEvent.Finish("tool_calls"));
            assertThat(((ModelEvent.Used) events.get(4)).usage().totalTokens()).isEqualTo(3);
        }
    }

    @Test
    void takesAWholeAnswerWithoutAReasonAsComplete() {
        assertThat(read("{\"choices\":[{\"message\":{\"content\":\"a\"}}]}"))
                .containsExactly(new ModelEvent.Text("a"), new ModelEvent.Finish("stop"));
    }

    @Test
    void refusesAWholeAnswerThatBreaksOffOrIsNone() {
        try (var upstream = answering("Content-Type: application/json\r\n", WHOLE.substring(0, 100))) {
            assertThat(failure(model(upstream)).message()).contains("no JSON object");
        }
        try (var upstream = answering("Content-Type: application/json\r\n", "{\"choices\":[]}")) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Kind.BROKEN);
        }
        try (var upstream = answering("Content-Type: application/json\r\n", "[]")) {
            assertThat(failure(model(upstream)).message()).contains("application/json");
        }
    }

    @Test
    void readsPastWhatIsMissingNullOrOfAnotherType() {
        assertThat(read(
                        "{}",
                        "{\"choices\":null,\"usage\":null}",
                        "{\"choices\":[]}",
                        "{\"choices\":[null]}",
                        "{\"choices\":[{\"index\":\"0\",\"delta\":null,\"finish_reason\":null}],\"usage\":null}",
                        delta(
                                "{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"\",\"refusal\":null,\"tool_calls\":null}"),
                        delta("{\"role\":\"user\",\"content\":\"a\"}"),
                        delta("{\"content\":7,\"tool_calls\":[7,null]}"),
                        "{\"choices\":[{\"delta\":{},\"finish_reason\":7}]}",
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":\"11\",\"completion_tokens\":\"2\"}}",
                        "{\"choices\":[{\"delta\":{\"content\":null},\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}"))
                .containsExactly(new ModelEvent.Text("a"), new ModelEvent.Finish("stop"));
    }

    @Test
    void joinsContentThatComesAsParts() {
        assertThat(
                        read(
                                delta(
                                        "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},\"b\",{\"type\":\"image\"},{\"text\":\"c\"}]}")))
                .containsExactly(new ModelEvent.Text("abc"));
    }

    @Test
    void writesArgumentsThatComeAsAnObjectAsTheTextTheyShouldBe() {
        var events = read(
                delta(
                        "{\"tool_calls\":[{\"id\":\"c\",\"index\":\"0\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}"));
        assertThat(((ModelEvent.ToolCallDelta) events.getFirst()).json())
                .isEqualTo(
                        Json.readObject(
                                "{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}"));
    }
}
