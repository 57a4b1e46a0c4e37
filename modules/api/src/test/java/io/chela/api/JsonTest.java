package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
        assertRefused("\uFEFF\uFEFF{}".getBytes(UTF_8), "not valid JSON");
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
    @ValueSource(strings = {"1e9999999999", "-1.5E+99999999990000000000000", "0.1e-9999999999", "1e2147483648"})
    void refusesAnExponentThatNoNumberCanHave(String number) {
        assertRefused(("{\"a\":" + number + "}").getBytes(UTF_8), "exponent is out of range");
        assertThat(Json.tryObject("{\"a\":[" + number + "]}")).isEmpty();
    }

    @Test
    void keepsEveryDigit() {
        String text = "{\"a\":9007199254740993,\"b\":0.10,\"c\":1E+400}";
        assertThat(Json.write(Json.readObject(text))).isEqualTo(text);
    }
}
