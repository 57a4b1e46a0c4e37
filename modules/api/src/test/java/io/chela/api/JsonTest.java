package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_32;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static void assertRefused(byte[] bytes, String words) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Json.readObject(bytes))
                .satisfies(e -> assertThat(e.problem().message()).contains(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a\":1,}", "{\"a\":1} x", "{'a':1}", "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":NaN}"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Json.readObject(text))
                .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Malformed.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "1", "\"text\""})
    void refusesWhatIsNoObject(String text) {
        assertRefused(text.getBytes(UTF_8), "must be an object");
    }

    @Test
    void refusesOtherEncodingsAndBrokenOnes() {
        assertRefused("{}".getBytes(UTF_16), "UTF-8");
        assertRefused(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}, "UTF-8");
    }

    @Test
    void takesOneByteOrderMark() {
        assertThat(Json.readObject("\uFEFF{}".getBytes(UTF_8))).isEmpty();
        assertRefused("\uFEFF\uFEFF{}".getBytes(UTF_8), "is not valid");
    }

    @Test
    void refusesWhatWouldTakeTooMuchOfTheMachine() {
        String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        String many = "[" + "{},".repeat(Json.MAX_TOKENS / 2) + "{}]";

        assertRefused(("{\"a\":" + deep + "}").getBytes(UTF_8), "deeper than 512 levels");
        assertRefused(("{\"a\":" + "9".repeat(1_001) + "}").getBytes(UTF_8), "1000 digits");
        assertRefused(("{\"a\":" + many + "}").getBytes(UTF_8), "250000 names and values");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\uDC00\"}",
                "{\"a\":\"\\ud83dx\\ude00\"}",
                "{\"a\":\"\\ude00\\ud83d\"}",
                "{\"a\":\"\\ud83d\\ud83d\\ude00\"}",
                "{\"a\":\"\\ud83d\\n\"}",
                "{\"a\":\"\\\\\\ud83d\"}",
                "{\"a\":[{\"b\":\"\\udfff\"}]}",
            })
    void refusesHalfOfASurrogatePairFromACaller(String text) {
        assertRefused(text.getBytes(UTF_8), "half of a surrogate pair");
        assertThat(Json.readObject(text)).isNotEmpty(); // a model may say half a character now and half later
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud83d\\ude00\"}",
                "{\"a\":\"\\\\ud800\"}",
                "{\"a\":\"\\\\\\\\ud800\"}",
                "{\"a\":\"\ud83d\ude00 \\u0041\"}"
            })
    void takesWholePairsAndWhatOnlyLooksLikeAnEscape(String text) {
        assertThat(Json.readRequest(text)).hasSize(1);
    }

    /// Jackson itself refuses the first kind.
    @ParameterizedTest
    @ValueSource(strings = {"{\"\\ud800\":1}", "{\"\\udfff\":1}", "{\"a\\ude00\\ud83d\":1}"})
    void refusesHalfOfASurrogatePairInAName(String text) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Json.readRequest(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e2147483648",
                "-1e-99999999999",
                "0.1e-2147483647",
                "1e10000",
                "1e-10000",
                "0.1e-9999",
                "10e9999",
                "1e99999999999999999999999"
            })
    void refusesAnExponentThatNoNumberCanHave(String number) {
        assertRefused(("{\"a\":" + number + "}").getBytes(UTF_8), "exponent");
    }

    @Test
    void saysThatABodyIsUtf16() {
        for (var charset : List.of(UTF_16, UTF_16LE, UTF_16BE, UTF_32)) {
            assertRefused("{\"a\":1}".getBytes(charset), "UTF-16");
        }
        assertRefused("\uFEFF{\"a\":1}".getBytes(UTF_16LE), "UTF-16");
    }

    @Test
    void takesATextAsLongAsTheBody() {
        String text = "x".repeat(40 * 1024 * 1024);
        assertThat(Json.readObject("{\"a\":\"" + text + "\"}").path("a").stringValue())
                .hasSameSizeAs(text);
    }

    @Test
    void refusesANameThatIsTooLong() {
        assertRefused(("{\"" + "n".repeat(60_000) + "\":1}").getBytes(UTF_8), "a name of more than 50000 characters");
    }

    @Test
    void writesWhatItReadAtEveryDepth() {
        String text = "{\"a\":" + "[".repeat(Json.MAX_DEPTH - 1) + "]".repeat(Json.MAX_DEPTH - 1) + "}";
        var deep = Json.readObject(text);
        assertThat(Json.write(deep)).isEqualTo(text);
        assertThat(new String(Json.writeBytes(deep), UTF_8)).isEqualTo(text);
        assertThat(Json.write(Json.object().set("b", deep))).isEqualTo("{\"b\":" + text + "}");
    }

    @Test
    void keepsEveryDigit() {
        String text = "{\"a\":9007199254740993,\"b\":0.10,\"c\":1E+400}";
        assertThat(Json.write(Json.readObject(text))).isEqualTo(text);
    }
}
