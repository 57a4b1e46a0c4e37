package io.chela.auth;

import java.time.Duration;

/// How many wrong secrets an address may try: `gateway.auth.rateLimit`.
///
/// @param maxAttempts wrong secrets within the window, then the address is limited
/// @param lockout for how long it is
/// @param exemptLoopback whether callers on this machine are never limited
/// @param pace how far apart a limited address's comparisons are
/// @param mayWait how many of its secrets may wait for their comparison
public record RateLimit(
        int maxAttempts, Duration window, Duration lockout, boolean exemptLoopback, Duration pace, int mayWait) {
    public static final RateLimit DEFAULTS =
            new RateLimit(10, Duration.ofSeconds(60), Duration.ofSeconds(300), false, Duration.ofSeconds(1), 8);

    /// The most that can be set: each attempt's time is kept, for each address.
    public static final int MOST_ATTEMPTS = 1_000;

    public RateLimit {
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS || mayWait < 1) {
            throw new IllegalArgumentException("attempts are 1 to " + MOST_ATTEMPTS + ", and one may wait");
        }
    }

    /// The same pace with numbers of one's own.
    public static RateLimit of(int maxAttempts, Duration window, Duration lockout, boolean exemptLoopback) {
        return new RateLimit(maxAttempts, window, lockout, exemptLoopback, DEFAULTS.pace(), DEFAULTS.mayWait());
    }
}
