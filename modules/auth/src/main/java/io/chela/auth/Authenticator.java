package io.chela.auth;

import io.chela.api.Problem;
import io.helidon.security.spi.AuthenticationProvider;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks what a caller shows, whichever door it came through. Safe for many threads; a check can take as long
/// as a limited address waits.
///
/// A right secret is remembered, so that the provider is not asked each time and a caller who is known is not
/// slowed when others of its address try secrets.
public final class Authenticator {
    private static final AuthResult DENIED = new AuthResult.Denied(new Problem.Unauthenticated());

    private final Optional<Provider> secrets;
    private final Optional<Provider> callers;
    private final AuthRules rules;
    private final Limiter limiter;
    private final Remembered remembered;

    /// Asks this provider about secrets.
    public Authenticator(AuthenticationProvider secrets) {
        this(Optional.of(secrets), Optional.empty(), AuthRules.defaults(Clock.systemUTC()));
    }

    /// Asks two providers, or one.
    ///
    /// @param secrets is shown a bearer secret and nothing else; beside `callers` only one of this machine
    /// @param callers is shown every request as it comes, and needs no secret
    public Authenticator(
            Optional<AuthenticationProvider> secrets, Optional<AuthenticationProvider> callers, AuthRules rules) {
        this(secrets, callers, rules, new Limiter(rules.rateLimit(), System::nanoTime), new Remembered(rules.clock()));
    }

    private Authenticator(
            Optional<AuthenticationProvider> secrets,
            Optional<AuthenticationProvider> callers,
            AuthRules rules,
            Limiter limiter,
            Remembered remembered) {
        this.secrets = secrets.map(Provider::new);
        this.callers = callers.map(Provider::new);
        this.rules = rules;
        this.limiter = limiter;
        this.remembered = remembered;
    }

    /// The next one, with other providers and rules, before the same addresses: who is limited stays so, and
    /// what was right is asked about again.
    public Authenticator with(
            Optional<AuthenticationProvider> otherSecrets,
            Optional<AuthenticationProvider> otherCallers,
            AuthRules otherRules) {
        return new Authenticator(
                otherSecrets, otherCallers, otherRules, limiter.with(otherRules.rateLimit()), remembered.anew());
    }

    /// Finds out who calls; see [TrustedProxies#caller].
    public Caller caller(InetAddress peer, Map<String, List<String>> headers) {
        return rules.proxies().caller(peer, headers);
    }

    /// Tells whether no proxy is trusted, so that every caller is who its connection says.
    public boolean trustsNoProxy() {
        return rules.proxies().isEmpty();
    }

    /// Tells whether the gateway answers callers without a secret, so that a browser's `Origin` must be
    /// looked at.
    public boolean isOpen() {
        return callers.isPresent();
    }

    /// Which web pages may come.
    public Origins origins() {
        return rules.origins();
    }

    /// Checks a claim; denies with `Unauthenticated`, or with `RateLimited`.
    public AuthResult check(Claim claim) {
        Optional<Identity> seen = seen(claim);
        if (seen.isPresent()) {
            return result(seen.get(), claim);
        }
        Optional<String> secret = secret(claim);
        return secret.isPresent() && secrets.isPresent() ? check(secret.get(), claim) : DENIED;
    }

    /// Tells whether a claim that was granted once would be granted the same now: neither less nor more. Asks
    /// at once, whatever was remembered, and counts nothing against the caller's address.
    public boolean stillGrants(Claim claim, AuthResult.Granted granted) {
        return seen(claim)
                .or(() -> secret(claim).flatMap(shown -> secrets.flatMap(provider -> provider.ask(shown))))
                .map(identity -> result(identity, claim))
                .filter(granted::equals)
                .isPresent();
    }

    private Optional<Identity> seen(Claim claim) {
        return callers.flatMap(provider -> provider.ask(claim.caller(), claim.headers()));
    }

    /// The secret of the claim, where one counts.
    private Optional<String> secret(Claim claim) {
        return claim.secret().filter(_ -> callers.isEmpty() || claim.caller().local());
    }

    private AuthResult check(String secret, Claim claim) {
        InetAddress address = claim.caller().address();
        SecretHash hash = SecretHash.of(secret);
        Optional<Remembered.Known> known = remembered.find(address, hash);
        if (known.filter(Remembered.Known::fresh).isPresent()) {
            return result(known.get().identity(), claim);
        }
        boolean exempt = rules.rateLimit().exemptLoopback() && claim.caller().local();
        if (!exempt && known.isEmpty() && !limiter.mayCompare(address, claim.departure())) {
            return limited(limiter.retryAfter());
        }
        Optional<Identity> found = secrets.flatMap(provider -> provider.ask(secret));
        if (found.isPresent()) {
            remembered.put(address, hash, found.get());
            return result(found.get(), claim);
        }
        remembered.forget(address, hash);
        return exempt
                ? DENIED
                : limiter.wrong(address).map(Authenticator::limited).orElse(DENIED);
    }

    private AuthResult result(Identity identity, Claim claim) {
        return identity.isExpired(rules.clock().instant())
                ? DENIED
                : new AuthResult.Granted(identity.narrowed(claim.scopes()), identity.expires());
    }

    private static AuthResult limited(Duration retryAfter) {
        return new AuthResult.Denied(new Problem.RateLimited(
                "Too many failed authentication attempts. Please try again later.", retryAfter));
    }
}
