package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunFeedTest {
    /// 16 MiB is the longest answer there may be; each event carries it all.
    @Test
    void sendsALongAnswerLessOftenSoThatItsCostDoesNotGrowWithItsSquare() {
        int longest = 16 * 1024 * 1024;
        assertThat(RunFeed.pace(0)).isEqualTo(RunFeed.PACE);
        assertThat(RunFeed.pace(20_000)).isEqualTo(RunFeed.PACE);
        for (int chars = 1; chars <= longest; chars *= 2) {
            double perSecond = chars
                    / (RunFeed.pace(chars).toNanos()
                            / (double) Duration.ofSeconds(1).toNanos());
            assertThat(perSecond).isLessThan(1_000_000);
        }
        assertThat(RunFeed.pace(longest)).isLessThan(Duration.ofSeconds(30));
    }
}
