package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    @Test
    void letsInWhatFitsBesideTheOthers() {
        var budget = new BodyBudget(100L * BodyBudget.FACTOR);
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.take(41)).isFalse();
        assertThat(budget.take(40)).isTrue();
        budget.give(60);
        assertThat(budget.take(60)).isTrue();
    }

    @Test
    void letsInOneThatIsTooLargeWhenItIsAlone() {
        var budget = new BodyBudget(100L * BodyBudget.FACTOR);
        assertThat(budget.take(500)).isTrue();
        assertThat(budget.take(1)).isFalse();
        budget.give(500);
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.take(500)).isFalse();
    }
}
