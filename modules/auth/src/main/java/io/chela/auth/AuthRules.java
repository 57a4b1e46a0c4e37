package io.chela.auth;

import java.time.Clock;

/// What holds whatever the credential.
public record AuthRules(RateLimit rateLimit, TrustedProxies proxies, Origins origins, Clock clock) {
    /// The limiter on, no proxy, no page from elsewhere.
    public static AuthRules defaults(Clock clock) {
        return new AuthRules(RateLimit.DEFAULTS, TrustedProxies.NONE, Origins.OWN, clock);
    }
}
