package io.chela.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
    private static Usage usage(String json) {
        return Usage.read(Json.readObject(json)).orElseThrow();
    }

    @Test
    void sumsEveryCountThatEitherNames() {
        var sum = usage("{\"prompt_tokens\":1,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":4,"
                        + "\"audio_tokens\":1},\"queue_time\":0.5,\"tier\":\"a\"}")
                .plus(usage("{\"prompt_tokens\":10,\"completion_tokens\":20,\"total_tokens\":30,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":40},\"queue_time\":null,\"tier\":\"b\"}"));
        assertThat(Json.write(sum.json()))
                .isEqualTo(
                        "{\"prompt_tokens\":11,\"completion_tokens\":22,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":44,\"audio_tokens\":1},\"queue_time\":0.5,\"tier\":\"b\",\"total_tokens\":33}");
    }

    @Test
    void countsNumbersThatAreTextsAsNone() {
        assertThat(Usage.read(Json.readObject("{\"prompt_tokens\":\"1\",\"completion_tokens\":\"2\"}")))
                .isEmpty();
        assertThat(Usage.read(Json.object().nullNode())).isEmpty();
    }

    @Test
    void takesNothingForACountThatIsNegativeBrokenOrTooLarge() {
        for (String count : new String[] {"-1", "1.5", "1e3", "9007199254740993", "1e9999", "true", "null"}) {
            assertThat(Usage.read(Json.readObject("{\"prompt_tokens\":1,\"completion_tokens\":" + count + "}")))
                    .as(count)
                    .isEmpty();
        }
    }

    @Test
    void leavesOutTotalsAndDetailsThatAreNoCounts() {
        var read = usage(
                "{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":\"3\",\"cost\":0.1,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":-1},\"completion_tokens_details\":{\"x\":1,\"y\":null}}");
        assertThat(Json.write(read.json()))
                .isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,\"cost\":0.1,"
                        + "\"completion_tokens_details\":{\"x\":1,\"y\":null}}");
    }
}
