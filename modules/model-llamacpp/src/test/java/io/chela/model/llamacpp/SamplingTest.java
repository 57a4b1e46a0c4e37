package io.chela.model.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
    private static Sampling read(String json) {
        return Sampling.read(Json.readObject(json), 512);
    }

    @Test
    void takesDefaultsForWhatIsAbsentOrNullAndIgnoresTheRest() {
        var defaults = new Sampling(512, 0.8, 0.95, Optional.empty(), List.of(), 0, 0);

        assertThat(read("{}")).isEqualTo(defaults);
        assertThat(read("""
                        {"max_tokens": null, "temperature": null, "seed": null, "stop": null, "top_p": null,
                         "logprobs": true, "tools": [], "response_format": {"type": "json_object"}}""")).isEqualTo(defaults);
    }

    @Test
    void readsWhatItActsOn() {
        assertThat(read("""
                                {"max_tokens": 7, "temperature": 0, "top_p": 0.5, "seed": 3, "stop": ["a", "b"],
                                 "frequency_penalty": 1.5, "presence_penalty": -2}""")).isEqualTo(new Sampling(7, 0, 0.5, Optional.of(3), List.of("a", "b"), 1.5, -2));
    }

    @Test
    void theNewerNameOfTheLimitWins() {
        assertThat(read("{\"max_tokens\": 7, \"max_completion_tokens\": 9}").maxTokens())
                .isEqualTo(9);
        assertThat(read("{\"max_tokens\": 99999999999999999999}").maxTokens()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void readsOneStopString() {
        assertThat(read("{\"stop\": \"END\"}").stop()).containsExactly("END");
    }

    @Test
    void foldsAnySeedIntoWhatLlamaCppTakes() {
        assertThat(read("{\"seed\": -1}").seed().orElseThrow()).isNotNegative();
        assertThat(read("{\"seed\": 9223372036854775807}").seed().orElseThrow()).isNotNegative();
    }

    @Test
    void isTheSameAfterTheWayToTheWorker() {
        Sampling sampling = read("{\"seed\": 3, \"stop\": \"x\", \"temperature\": 1.25, \"presence_penalty\": -0.5}");
        var frame = new ToWorker.Generate(4, "hi", sampling);

        assertThat(ToWorker.read(Json.readObject(Json.write(frame.toJson())))).contains(frame);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"temperature\": 2.1}",
                "{\"temperature\": -0.1}",
                "{\"temperature\": \"hot\"}",
                "{\"temperature\": 1e9999}",
                "{\"top_p\": 1.01}",
                "{\"max_tokens\": 0}",
                "{\"max_tokens\": -1}",
                "{\"max_tokens\": 1.5}",
                "{\"max_completion_tokens\": \"9\"}",
                "{\"seed\": 0.5}",
                "{\"seed\": 9223372036854775808}",
                "{\"stop\": \"\"}",
                "{\"stop\": 4}",
                "{\"stop\": [\"a\", \"b\", \"c\", \"d\", \"e\"]}",
                "{\"frequency_penalty\": 2.5}",
                "{\"presence_penalty\": -1e400}"
            })
    void refusesAValueOutOfItsRangeAndNamesTheMember(String json) {
        String member = Json.readObject(json).properties().iterator().next().getKey();

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("'" + member + "'")
                .extracting(e -> ((Problem.Malformed) ((ProblemException) e).problem()).param())
                .isEqualTo(Optional.of(member));
    }
}
