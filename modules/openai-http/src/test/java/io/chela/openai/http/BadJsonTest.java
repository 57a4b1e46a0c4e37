package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.chela.api.Json;
import io.chela.api.SessionKey;
import io.chela.testkit.FakeModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON that no decent client sends, through the door.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadJsonTest {
    private static final SessionKey KEY = new SessionKey("agent:main:bad-json");
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final Duration NO_TIME = Duration.ofSeconds(5);

    private final FakeModel model = FakeModel.saying("ok");
    private TestDoor door;

    @BeforeAll
    void open() {
        door = TestDoor.before(model);
    }

    @AfterAll
    void close() {
        door.close();
    }

    private static Arguments bad(String what, String body, String words) {
        return bad(what, body.getBytes(UTF_8), words);
    }

    private static Arguments bad(String what, byte[] body, String words) {
        return arguments(what, body, words);
    }

    private static String whole(String member) {
        return "{" + MESSAGES + "," + member + "}";
    }

    private static String content(String text) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    static Stream<Arguments> notJson() {
        String valid = "The JSON is not valid: see line 1, column ";
        return Stream.of(
                bad("broken", "{\"messages\":[}", valid),
                bad("single quotes", "{'messages':[]}", valid),
                bad("truncated", whole("\"seed\":1").substring(0, 40), "ends too early"),
                bad("truncated in an escape", "{\"a\":\"\\u00", "ends too early"),
                bad("trailing garbage", "{" + MESSAGES + "} x", "not valid"),
                bad("a second object", "{" + MESSAGES + "}{" + MESSAGES + "}", "goes on after its end"),
                bad("trailing NUL", "{" + MESSAGES + "}\0", "control character that is not escaped"),
                bad("a comment", "{" + MESSAGES + "/* */}", valid),
                bad("trailing comma", "{" + MESSAGES + ",}", valid),
                bad("not a number", whole("\"temperature\":NaN"), valid),
                bad("leading zero", whole("\"seed\":01"), valid),
                bad("duplicate key", "{" + MESSAGES + "," + MESSAGES + "}", "a member twice"),
                bad("duplicate key, escaped", whole("\"a\":1,\"\\u0061\":2"), "a member twice"),
                bad("duplicate key, deep", whole("\"x\":[[{\"y\":{\"a\":1,\"a\":1}}]]"), "a member twice"),
                bad("raw line break in a text", content("a\nb"), "control character that is not escaped"),
                bad("raw NUL in a text", content("a\0b"), "control character that is not escaped"),
                bad("raw escape character in a text", content("a\u001bb"), "control character that is not escaped"),
                bad("raw NUL between tokens", "{\0" + MESSAGES + "}", "UTF-16"),
                bad("an array", "[" + MESSAGES.substring(11) + "]", "must be an object"),
                bad("a text", "\"hi\"", "must be an object"),
                bad("null", "null", "must be an object"),
                bad("blanks", "  \n", "must be an object"),
                bad("only a byte order mark", "\uFEFF", "must be an object"),
                bad("two byte order marks", "\uFEFF\uFEFF{" + MESSAGES + "}", valid));
    }

    static Stream<Arguments> tooMuch() {
        return Stream.of(
                bad("513 levels", whole("\"a\":" + nested(512)), "deeper than 512 levels"),
                bad("100,000 levels", whole("\"a\":" + nested(100_000)), "deeper than 512 levels"),
                bad("100,000 open objects", "{\"a\":".repeat(100_000), "deeper than 512 levels"),
                bad("1,001 digits", whole("\"seed\":" + "9".repeat(1_001)), "1000 digits"),
                bad("a million digits", whole("\"seed\":" + "9".repeat(1_000_000)), "1000 digits"),
                bad("1,001 digits after the point", whole("\"a\":0." + "1".repeat(1_001)), "1000 digits"),
                bad("exponent out of range", whole("\"a\":1e99999999999"), "exponent"),
                bad("exponent 1e999999999", whole("\"a\":1e999999999"), "exponent is beyond 9999"),
                bad("exponent 1e10000, deep", whole("\"a\":[{\"b\":-1e10000}]"), "exponent is beyond 9999"),
                bad("exponent of 990 digits", whole("\"a\":1e-" + "9".repeat(990)), "exponent"),
                bad("temperature 1e9999", whole("\"temperature\":1e9999"), "`temperature`"),
                bad("seed 1e9999", whole("\"seed\":1e9999"), "`seed`"),
                bad("max_tokens 1e9999", whole("\"max_tokens\":1e9999"), "`max_tokens`"),
                bad("n -1e-9999", whole("\"n\":-1e-9999"), "`n`"),
                bad("top_p -1e-9999", whole("\"top_p\":-1e-9999"), "`top_p`"),
                bad("a long name", whole("\"" + "n".repeat(60_000) + "\":1"), "a name of more than 50000"));
    }

    static Stream<Arguments> notText() {
        return Stream.of(
                bad("high surrogate", content("\\ud800"), "half of a surrogate pair"),
                bad("low surrogate", content("\\udc00"), "half of a surrogate pair"),
                bad("low, then high", content("\\ude00\\ud83d"), "half of a surrogate pair"),
                bad("two high ones", content("\\ud83d\\ud83d\\ude00"), "half of a surrogate pair"),
                bad("in a key", whole("\"\\ud800\":1"), "The JSON is not valid"),
                bad("in a member nobody reads", whole("\"x\":[{\"y\":\"\\uDFFF\"}]"), "half of a surrogate pair"),
                bad("as the user", whole("\"user\":\"\\ud800\""), "half of a surrogate pair"),
                bad("invalid UTF-8", content("caf\u00e9").getBytes(ISO_8859_1), "not valid UTF-8"),
                bad("overlong UTF-8", content("\u00c0\u0080").getBytes(ISO_8859_1), "not valid UTF-8"),
                bad("overlong brace", "\u00c1\u00bb}".getBytes(ISO_8859_1), "not valid UTF-8"),
                bad("raw surrogate", content("\u00ed\u00a0\u0080").getBytes(ISO_8859_1), "not valid UTF-8"),
                bad("unfinished UTF-8", content("\u00e2\u0082").getBytes(ISO_8859_1), "not valid UTF-8"),
                bad("UTF-16 with a mark", ("{" + MESSAGES + "}").getBytes(UTF_16), "UTF-16"),
                bad("UTF-16LE with a mark", ("\uFEFF{" + MESSAGES + "}").getBytes(UTF_16LE), "UTF-16"),
                bad("UTF-16LE", ("{" + MESSAGES + "}").getBytes(UTF_16LE), "UTF-16"),
                bad("UTF-16BE", ("{" + MESSAGES + "}").getBytes(UTF_16BE), "UTF-16"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"notJson", "tooMuch", "notText"})
    void refusesItInOurWordsAtOnceAndAsksNoModelAndStoresNothing(String what, byte[] body, String words)
            throws Exception {
        int asked = model.prompts().size();
        long began = System.nanoTime();
        var response = door.send(door.request("/v1/chat/completions", "x-openclaw-session-key", KEY.value())
                .POST(BodyPublishers.ofByteArray(body)));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(NO_TIME);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        var error = Json.readObject(response.body()).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").stringValue())
                .contains(words)
                .endsWith(".")
                .doesNotContain(
                        "Jackson",
                        "tools.",
                        "Unexpected",
                        "Illegal",
                        "Duplicate",
                        "BigDecimal",
                        "Exception",
                        "CTRL-CHAR");
        assertThat(model.prompts()).hasSize(asked);
        assertThat(door.gateway().sessions().transcript("operator", KEY)).isEmpty();
    }

    @Test
    void takesOneByteOrderMarkAnd511Levels() throws Exception {
        assertThat(door.post("\uFEFF" + whole("\"a\":" + nested(511))).statusCode())
                .isEqualTo(200);
    }

    /// A number of a thousand digits, exponents of ten thousand, and integers that no double can hold.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"seed\":9007199254740993",
                "\"seed\":-123456789012345678901234567890",
                "\"metadata\":{\"id\":18446744073709551617,\"price\":1.10}",
                "\"x\":0.1000000000000000055511151231257827021181583404541015625",
                "\"x\":1E+400",
                "\"x\":1E+9999",
                "\"x\":-1E-9999",
                "\"x\":[1.0,0.00,-5,0,1e-7]"
            })
    void passesEveryDigitOn(String member) throws Exception {
        assertThat(door.post(whole(member)).statusCode()).isEqualTo(200);
        String passed = Json.write(model.prompts().getLast().parameters());
        assertThat(passed).isEqualTo("{" + member.replace("1e-7", "1E-7") + "}");
    }

    @Test
    void passesANumberOfAThousandDigitsOn() throws Exception {
        passesEveryDigitOn("\"seed\":" + "123456789".repeat(111) + "0");
    }

    @Test
    void passesControlCharactersThatAreEscapedOnToTheModel() throws Exception {
        String text = "a\\u0000b\\u001b[31m\\u0007\\r\\n\\t\\u007f\\u2028\\u202e\\ufeff\\ud83d\\ude00";
        assertThat(door.post(content(text)).statusCode()).isEqualTo(200);
        assertThat(model.prompts().getLast().messages().getLast().text())
                .isEqualTo("a\0b\u001b[31m\u0007\r\n\t\u007f\u2028\u202e\ufeff\ud83d\ude00");
    }
}
