package io.chela.agent.runtime;

import java.time.Duration;

/// Bounds the runs of a gateway.
///
/// @param concurrent how many run or wait for their session at a time; one more is `Unavailable`
/// @param longest how long one may last, waiting for its session included; then it ends as timed out
public record RunLimits(int concurrent, Duration longest) {
    public static final RunLimits DEFAULTS = new RunLimits(4_096, Duration.ofMinutes(10));

    public RunLimits {
        if (concurrent < 1 || !longest.isPositive()) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
