package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {
    private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    private static final String PIXEL = "data:image/png;base64,iVBORw0KGgo=";

    private static ChatRequest read(String members) {
        return ChatRequest.read(
                Json.readObject("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + members + "}"));
    }

    private static ChatRequest messages(String messages) {
        return ChatRequest.read(Json.readObject("{\"messages\":[" + messages + "]}"));
    }

    private static String image(String url) {
        return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}";
    }

    private static String parts(String... parts) {
        return "{\"role\":\"user\",\"content\":[" + String.join(",", parts) + "]}";
    }

    private static void assertRefused(Runnable read, String param, String words) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(read::run)
                .satisfies(e -> assertThat(e.problem()).isInstanceOfSatisfying(Problem.Malformed.class, problem -> {
                    assertThat(problem.param()).contains(param);
                    assertThat(problem.message()).startsWith("`" + param + "` ").contains(words);
                }));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"model\":7                                   | model | string",
                "\"user\":[]                                   | user | string",
                "\"stream\":\"yes\"                            | stream | true or false",
                "\"stream_options\":true                       | stream_options | object",
                "\"stream_options\":{\"include_usage\":1}      | stream_options.include_usage | true or false",
                "\"max_tokens\":0                              | max_tokens | positive integer",
                "\"max_tokens\":1.5                            | max_tokens | positive integer",
                "\"max_completion_tokens\":9007199254740992    | max_completion_tokens | positive integer",
                "\"temperature\":2.1                           | temperature | from 0 to 2",
                "\"temperature\":\"hot\"                       | temperature | number",
                "\"top_p\":-0.1                                | top_p | from 0 to 1",
                "\"frequency_penalty\":3                       | frequency_penalty | from -2 to 2",
                "\"presence_penalty\":-3                       | presence_penalty | from -2 to 2",
                "\"seed\":1.5                                  | seed | integer",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]      | stop | up to 4",
                "\"stop\":[\"\"]                               | stop | none empty",
                "\"stop\":7                                    | stop | text",
                "\"response_format\":\"json\"                  | response_format | object",
                "\"response_format\":{\"type\":\"xml\"}        | response_format.type | json_schema",
                "\"n\":2                                       | n | must be 1",
                "\"logprobs\":true                             | logprobs | must be false",
                "\"functions\":[]                              | functions | use tools",
                "\"function_call\":\"auto\"                    | function_call | use tool_choice",
                "\"parallel_tool_calls\":\"no\"                | parallel_tool_calls | true or false",
                "\"tools\":{}                                  | tools | array",
                "\"tools\":[7]                                 | tools[0] | object",
                "\"tools\":[{\"type\":\"web_search\"}]         | tools[0].type | function",
                "\"tools\":[{\"type\":\"function\"}]           | tools[0].function.name | missing",
                "\"tool_choice\":\"required\"                  | tool_choice | no tools",
                "\"tool_choice\":\"sometimes\"                 | tool_choice | auto, none, required",
                "\"tool_choice\":{\"type\":\"allowed_tools\"}  | tool_choice | auto, none, required",
                "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"zzz\"}} | tool_choice.function.name | none of",
            })
    void namesTheMemberThatIsWrong(String member, String param, String words) {
        assertRefused(() -> read(member), param, words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"stream\":null,\"max_tokens\":null,\"temperature\":null,\"stop\":null,\"n\":1,\"tools\":null",
                "\"stop\":\"end\",\"temperature\":2,\"top_p\":0,\"seed\":-1,\"logprobs\":false",
                TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                TOOLS + ",\"tool_choice\":\"required\",\"parallel_tool_calls\":true",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{}}}",
            })
    void takesWhatTheApiHas(String members) {
        assertThat(read(members).messages()).hasSize(1);
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        var request = read("\"user\":\"me\",\"reasoning_effort\":\"low\",\"brand_new\":[1]," + TOOLS);
        assertThat(request.parameters().propertyNames()).containsExactly("reasoning_effort", "brand_new", "tools");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "7                                                  | messages[0] | object",
                "{\"role\":\"clown\"}                               | messages[0].role | one of",
                "{\"role\":\"function\",\"content\":\"x\"}          | messages[0].role | role tool",
                "{\"role\":\"user\",\"content\":7}                  | messages[0].content | string or an array",
                "{\"role\":\"user\",\"content\":[7]}                | messages[0].content[0] | type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]} | messages[0].content[0].text | string",
                "{\"role\":\"assistant\",\"tool_calls\":{}}         | messages[0].tool_calls | array",
                "{\"role\":\"assistant\",\"tool_calls\":[{}]}       | messages[0].tool_calls[0] | id",
            })
    void namesTheMessageThatIsWrong(String message, String param, String words) {
        assertRefused(() -> messages(message), param, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.org/cat.png       | not fetched",
                "data:image/png,rawbytes           | data URL",
                "data:text/plain;base64,aGVsbG8=   | JPEG, PNG",
                "data:image/png;base64,            | Base64",
                "data:image/png;base64,a b         | Base64",
            })
    void takesOnlyImagesThatAreInTheRequest(String url, String words) {
        assertRefused(() -> messages(parts(image(url))), "messages[0].content[0].image_url", words);
    }

    @Test
    void boundsTheImagesOfTheQuestionButNotThoseOfTheConversation() {
        String eight = parts(Stream.generate(() -> image(PIXEL)).limit(8).toArray(String[]::new));
        String nine = parts(Stream.generate(() -> image(PIXEL)).limit(9).toArray(String[]::new));
        String large = image("data:image/webp;base64," + "A".repeat(Images.MAX_BYTES / 3 * 4 + 8));
        String half = image("data:image/webp;base64," + "A".repeat(Images.MAX_BYTES / 4 * 4));

        assertThat(messages(eight + "," + eight).messages()).hasSize(2);
        assertRefused(() -> messages(nine), "messages[0].content", "more than 8 images");
        assertRefused(() -> messages(parts(large)), "messages[0].content[0].image_url", "larger than");
        assertRefused(() -> messages(parts(half, half, half)), "messages[0].content", "bytes of images");
    }

    @Test
    void passesOtherPartsAndATrailingAnswerOn() {
        String audio = "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"UklG\",\"format\":\"wav\"}}";
        String file = "{\"type\":\"file\",\"file\":{\"file_id\":\"f1\"}}";
        var read = messages(parts(audio, file) + ",{\"role\":\"assistant\",\"content\":\"I was\"}")
                .messages();
        assertThat(read.stream().map(message -> Json.write(message.json())).collect(Collectors.joining(",")))
                .isEqualTo(parts(audio, file) + ",{\"role\":\"assistant\",\"content\":\"I was\"}");
    }
}
