package io.chela.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.spi.ReplyLimits;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnswerTest {
    private static final int MAX_BYTES = ReplyLimits.DEFAULTS.answerBytes();

    private static ModelEvent extra(String member, String json) {
        JsonNode value = Json.readObject("{\"v\":" + json + "}").get("v");
        return new ModelEvent.Extra(member, value);
    }

    private static Answer answer(int maxBytes) {
        var answer = new Answer(maxBytes, Budget.ofHeap().hold());
        answer.isOf("home");
        return answer;
    }

    @Test
    void isCutOffWhenTheOthersHoldTooMuch_andGivesItsMemoryBackAtItsEnd() {
        var budget = new Budget(4 * 1024 * 1024);
        var answer = new Answer(MAX_BYTES, budget.hold());
        answer.add(new ModelEvent.Text("x".repeat(1024 * 1024)));
        budget.hold().grow(2 * 1024 * 1024);
        var more = new ModelEvent.Text("y".repeat(1024 * 1024));
        assertThatThrownBy(() -> answer.add(more))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
        answer.release();
        assertThat(budget.held()).isEqualTo(2 * 1024 * 1024);
    }

    @Test
    void joinsTheFragmentsOfMembersItDoesNotKnow() {
        var answer = answer(MAX_BYTES);
        answer.add(extra("reasoning_content", "\"hm\""));
        answer.add(extra("annotations", "[1]"));
        answer.add(extra("audio", "{\"id\":1}"));
        answer.add(extra("reasoning_content", "\", so\""));
        answer.add(extra("annotations", "[2,3]"));
        answer.add(extra("audio", "{\"id\":2}"));
        answer.add(new ModelEvent.Text("ok"));
        assertThat(answer.message())
                .isEqualTo(Json.readObject("{\"role\":\"assistant\",\"content\":\"ok\","
                        + "\"reasoning_content\":\"hm, so\",\"annotations\":[1,2,3],\"audio\":{\"id\":2}}"));
    }

    @Test
    void limitsTheToolCallsAndWhatTheyHold() {
        var answer = answer(MAX_BYTES);
        for (int i = 0; i < Answer.MAX_TOOL_CALLS; i++) {
            answer.add(new ModelEvent.ToolCallDelta(Json.object().put("index", i)));
        }
        assertThatThrownBy(() ->
                        answer.add(new ModelEvent.ToolCallDelta(Json.object().put("index", Answer.MAX_TOOL_CALLS))))
                .hasMessageContaining("'home'");
        var piece = new ModelEvent.ToolCallDelta(Json.object().put("id", "x".repeat(MAX_BYTES / 2)));
        answer.add(piece);
        assertThatThrownBy(() -> answer.add(piece)).isInstanceOf(ProblemException.class);
    }

    @Test
    void countsAnAnswerInBytesOfUtf8() {
        var answer = answer(20);
        answer.add(new ModelEvent.Text("aéज🦀")); // 1 + 2 + 3 + 4
        answer.add(new ModelEvent.Text("aéज🦀"));
        assertThat(answer.chars()).isEqualTo(10);
        assertThatThrownBy(() -> answer.add(new ModelEvent.Text("a"))).hasMessageContaining("larger than 20 bytes");
    }

    @Test
    void limitsMembersWithoutAValueByTheirNames() {
        var answer = answer(MAX_BYTES);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        answer.add(extra("n".repeat(2_000) + i, "0"));
                    }
                })
                .isInstanceOf(ProblemException.class);
        var calling = answer(MAX_BYTES);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < MAX_BYTES / 64; i++) {
                        calling.add(new ModelEvent.ToolCallDelta(
                                Json.object().put("index", 0).put("m" + i, 0)));
                    }
                })
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void countsWhatATreeOfEmptyValuesHolds() {
        var answer = answer(1_000_000);
        var piece = extra("x", "[" + "[],".repeat(999) + "[]]");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        answer.add(piece);
                    }
                })
                .hasMessageContaining("1000000 bytes");
    }

    @Test
    void limitsWhatItKeepsOfMembersItDoesNotKnow() {
        var answer = answer(MAX_BYTES);
        var piece = extra("reasoning_content", "\"" + "x".repeat(MAX_BYTES / 4 - 100) + "\"");
        for (int i = 0; i < 4; i++) {
            answer.add(piece);
        }
        assertThatThrownBy(() -> answer.add(piece)).isInstanceOf(ProblemException.class);
    }
}
