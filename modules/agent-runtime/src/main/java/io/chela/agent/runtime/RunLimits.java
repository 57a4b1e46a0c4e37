package io.chela.agent.runtime;

import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.ReplyLimits;
import io.chela.session.Sessions;
import java.time.Duration;

/// Bounds the runs of a gateway.
///
/// @param concurrent how many run or wait for their session at a time; one more is `Unavailable`
/// @param waitingPerSession how many wait for one session at most, the running one not counted
/// @param longest how long one may last, waiting for its session included; then it ends as timed out
/// @param replies how much of a model's answer is taken
/// @param history how much of what was said before a model is told
public record RunLimits(
        int concurrent, int waitingPerSession, Duration longest, ReplyLimits replies, HistoryLimits history) {
    public static final RunLimits DEFAULTS = new RunLimits(
            4_096, Sessions.DEFAULT_WAITING, Duration.ofMinutes(10), ReplyLimits.DEFAULTS, HistoryLimits.DEFAULTS);

    public RunLimits {
        if (concurrent < 1 || !longest.isPositive()) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
