package io.chela.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final long LARGE = Budget.SMALL * 2;

    private final Budget budget = new Budget(4 * LARGE);

    @Test
    void letsInWhatFitsBesideTheOthers() {
        var first = budget.hold();
        assertThat(first.grow(3 * LARGE)).isTrue();
        assertThat(budget.hold().grow(LARGE + 1)).isFalse();
        assertThat(budget.hold().grow(LARGE)).isTrue();
        first.close();
        assertThat(budget.held()).isEqualTo(LARGE);
    }

    @Test
    void letsInOneThatIsTooLargeWhileTheOthersHoldNextToNothing() {
        var little = budget.hold();
        assertThat(little.grow(LARGE / 2)).isTrue();
        assertThat(budget.hold().grow(5 * LARGE)).isTrue();
        assertThat(budget.hold().grow(5 * LARGE)).isFalse();
    }

    @Test
    void letsAHoldGrowStepByStepBeyondAllThereIsWhenItIsAlone() {
        var hold = budget.hold();
        for (int i = 0; i < 10; i++) {
            assertThat(hold.grow(LARGE)).isTrue();
        }
    }

    @Test
    void keepsRoomForSmallOnesBesideOneThatIsLargerThanAllThereIs() {
        var large = budget.hold();
        assertThat(large.grow(2 * LARGE)).isTrue();
        assertThat(large.grow(8 * LARGE)).isTrue();
        var small = budget.hold();
        assertThat(small.grow(Budget.SMALL)).isTrue();
        assertThat(budget.hold().grow(2 * LARGE)).isFalse();
        large.shrink(9 * LARGE);
        assertThat(budget.held()).isEqualTo(LARGE + Budget.SMALL);
        large.close();
        small.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void keepsRoomForSmallOnes() {
        budget.hold().grow(4 * LARGE);
        List<Budget.Hold> small = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var hold = budget.hold();
            assertThat(hold.grow(Budget.SMALL)).isTrue();
            small.add(hold);
        }
        assertThat(budget.hold().grow(1)).isFalse();
        small.getFirst().close();
        assertThat(budget.hold().grow(1)).isTrue();
    }

    @Test
    void givesBackWhatIsHeldOnce() {
        var hold = budget.hold();
        assertThat(hold.atLeast(100)).isTrue();
        assertThat(hold.atLeast(50)).isTrue();
        hold.shrink(30);
        assertThat(budget.held()).isEqualTo(70);
        hold.atMost(20);
        assertThat(budget.held()).isEqualTo(20);
        hold.close();
        hold.close();
        assertThat(hold.grow(10)).isTrue();
        assertThat(budget.held()).isZero();
    }

    @Test
    void neverLetsManyThreadsTakeTooMuch() throws InterruptedException {
        var taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                if (budget.hold().grow(LARGE)) {
                    taken.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(4);
    }

    @Test
    void givesBackWhatItTookAlsoWhenItsSizeChanged() {
        var budget = new Budget(1_000_000);
        var large = budget.hold();
        assertThat(large.grow(5_000_000)).isTrue(); // counts as all there is
        budget.resize(10_000_000);
        assertThat(budget.held()).isEqualTo(1_000_000);
        assertThat(large.grow(1_000_000)).isTrue();
        budget.resize(100);
        large.close();
        assertThat(budget.held()).isZero();
    }
}
