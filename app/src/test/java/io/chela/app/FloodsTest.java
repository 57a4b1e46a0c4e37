package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FloodsTest {
    private final AtomicLong now = new AtomicLong();
    private final Floods floods = new Floods(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void writesTheFirstOfAKindAndCountsTheOthers() {
        assertThat(floods.isFirst("bad token")).isTrue();
        for (int i = 0; i < 1_000; i++) {
            assertThat(floods.isFirst("bad token")).isFalse();
        }
        assertThat(floods.isFirst("upstream")).isTrue();
        assertThat(floods.due()).isEmpty();
        pass(Floods.WINDOW);
        assertThat(floods.due()).containsExactly(new Floods.Sum("bad token", 1_000));
    }

    @Test
    void goesOnCountingWhatGoesOn() {
        floods.isFirst("x");
        floods.isFirst("x");
        pass(Floods.WINDOW);
        floods.due();
        assertThat(floods.isFirst("x")).isFalse();
        pass(Floods.WINDOW);
        assertThat(floods.due()).containsExactly(new Floods.Sum("x", 1));
        assertThat(floods.isCounting()).isFalse();
    }

    @Test
    void writesTheNextOneInFullOnceItWasQuiet() {
        floods.isFirst("x");
        pass(Floods.WINDOW);
        assertThat(floods.due()).isEmpty();
        assertThat(floods.isFirst("x")).isTrue();
        pass(Floods.WINDOW);
        assertThat(floods.isFirst("x")).isTrue(); // also when nobody has asked for sums
    }

    @Test
    void tellsEverythingAtTheEnd() {
        floods.isFirst("x");
        floods.isFirst("x");
        assertThat(floods.all()).containsExactly(new Floods.Sum("x", 1));
    }

    @Test
    void tellsABoundedNumberOfKindsApart() {
        for (int i = 0; i < 10 * Floods.MAX_KINDS; i++) {
            floods.isFirst("kind " + i);
        }
        assertThat(floods.all()).containsExactly(new Floods.Sum("others", 9L * Floods.MAX_KINDS - 1));
    }
}
