package io.chela.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void readsAnAgentsIdInAnyCase() {
        assertThat(AgentId.parse("Main-K")).contains(new AgentId("main-k"));
    }

    /// The last has the Kelvin sign, whose lower case is an ASCII `k`; the first two are Cyrillic and Turkish.
    @ParameterizedTest
    @ValueSource(strings = {"m\u0430in", "ma\u0130n", "\u212a", "main\u0301", "../main", "main\n", "ma in", ""})
    void takesNoLookAlikeForAnAgent(String name) {
        assertThat(AgentId.parse(name)).isEmpty();
    }

    @Test
    void cutsAnUnknownNameBetweenCharacters() {
        String name = "x".repeat(99) + "\ud83d\ude00" + "y".repeat(10_000);
        String message = new Problem.UnknownAgent(name, "model").message();
        assertThat(message).isEqualTo("Unknown agent or model '" + "x".repeat(99) + "\ud83d\ude00…'.");
    }
}
