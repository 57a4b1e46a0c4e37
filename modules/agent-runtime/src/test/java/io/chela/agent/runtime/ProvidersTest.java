package io.chela.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Models that remember that they were closed.
    private static final class Closable implements Models {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public Model model(String id) {
            throw new IllegalArgumentException("none");
        }

        @Override
        public String destination() {
            return "";
        }

        @Override
        public void close() {
            assertThat(closed.getCount()).as("closed twice").isEqualTo(1);
            closed.countDown();
        }

        boolean isOpen() {
            return closed.getCount() == 1;
        }

        boolean awaitClosed() throws InterruptedException {
            return closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private final Closable kept = new Closable();
    private final Closable dropped = new Closable();
    private final Closable added = new Closable();
    private final Providers first = new Providers(Map.of("a", kept, "b", dropped));

    @Test
    void closesWhatTheNextOnesDoNotHave() throws InterruptedException {
        var next = first.next(Map.of("a", kept, "c", added));
        first.retire();
        assertThat(dropped.awaitClosed()).isTrue();
        assertThat(kept.isOpen()).isTrue();
        next.close();
        assertThat(kept.isOpen()).isFalse();
        assertThat(added.isOpen()).isFalse();
    }

    @Test
    void keepsThemOpenAsLongAsSomebodyUsesThem() throws InterruptedException {
        var one = first.use().orElseThrow();
        var other = first.use().orElseThrow();
        first.next(Map.of("a", kept));
        first.retire();
        one.close();
        one.close(); // which counts once
        assertThat(dropped.isOpen()).isTrue();
        other.close();
        assertThat(dropped.awaitClosed()).isTrue();
        assertThat(kept.isOpen()).isTrue();
    }

    @Test
    void cannotBeUsedOnceTheyAreClosed() throws InterruptedException {
        first.next(Map.of());
        first.retire();
        assertThat(dropped.awaitClosed()).isTrue();
        assertThat(first.use()).isEmpty();
    }

    @Test
    void keepsWhatIsInForceWhenACandidateIsGivenUp() throws InterruptedException {
        first.next(Map.of("a", kept, "c", added)).retire();
        assertThat(added.awaitClosed()).isTrue();
        assertThat(kept.isOpen()).isTrue();
        assertThat(first.use()).isPresent();
    }
}
