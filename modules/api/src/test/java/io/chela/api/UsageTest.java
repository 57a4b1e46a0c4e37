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
}
