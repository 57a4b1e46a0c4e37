package io.chela.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Problem;
import io.chela.api.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LimiterTest {
    private static final String TOKEN = "right";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration PACE = Duration.ofMillis(30);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // the counter wraps at once

    private static RateLimit limit(int attempts, Duration pace, int mayWait) {
        return new RateLimit(attempts, MINUTE, Duration.ofMinutes(5), false, pace, mayWait);
    }

    private static Authenticator authenticator(RateLimit limit) {
        return new Authenticator(
                Optional.of(new TokenAuth(new Secret(TOKEN))),
                Optional.empty(),
                new AuthRules(limit, TrustedProxies.of(List.of("10.0.0.1"), false), Origins.OWN, Clock.systemUTC()));
    }

    private static String outcome(AuthResult result) {
        return switch (result) {
            case AuthResult.Granted _ -> "granted";
            case AuthResult.Denied(Problem.RateLimited limited) ->
                limited.retryAfter().compareTo(MINUTE) > 0 ? "limited" : "not compared";
            case AuthResult.Denied _ -> "denied";
        };
    }

    private static List<String> outcomes(Authenticator authenticator, int times, Claim claim) {
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            outcomes.add(outcome(authenticator.check(claim)));
        }
        return outcomes;
    }

    private Limiter limiter(RateLimit limit) {
        return new Limiter(limit, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void limitsAnAddressAfterTooManyWrongSecretsLoopbackIncluded() {
        var authenticator = authenticator(limit(3, PACE, 8));
        assertThat(outcomes(authenticator, 5, Claims.bearer("wrong")))
                .containsExactly("denied", "denied", "denied", "limited", "limited");
        assertThat(outcomes(authenticator, 2, Claims.bearer(TOKEN))).containsOnly("granted");
        assertThat(outcome(authenticator.check(Claims.from("192.0.2.1", "authorization", "Bearer wrong"))))
                .as("another address")
                .isEqualTo("denied");
    }

    @Test
    void countsNeitherMissingSecretsNorOtherSchemes() {
        var authenticator = authenticator(limit(1, PACE, 8));
        assertThat(outcomes(authenticator, 5, Claims.from(Claims.HERE))).containsOnly("denied");
        assertThat(outcomes(authenticator, 5, Claims.from(Claims.HERE, "authorization", "Basic d3Jvbmc=")))
                .containsOnly("denied");
        assertThat(outcomes(authenticator, 2, Claims.bearer("wrong"))).containsExactly("denied", "limited");
    }

    @Test
    void comparesForALimitedAddressAtItsPace() {
        var authenticator = authenticator(limit(1, Duration.ofMillis(200), 8));
        long start = System.nanoTime();
        assertThat(outcomes(authenticator, 4, Claims.bearer("wrong")))
                .containsExactly("denied", "limited", "limited", "limited");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(600));
    }

    @Test
    void refusesWhatCannotWaitWithoutComparing() throws Exception {
        var limiter = limiter(limit(1, Duration.ofHours(1), 2));
        limiter.wrong(address("192.0.2.1"));
        var waiting = new CountDownLatch(2);
        List<Runnable> leave = new CopyOnWriteArrayList<>();
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiters.add(Thread.ofVirtual()
                    .start(() -> limiter.mayCompare(address("192.0.2.1"), action -> {
                        leave.add(action);
                        waiting.countDown();
                        return () -> {};
                    })));
        }
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(limiter.mayCompare(address("192.0.2.1"), Departure.UNSEEN)).isFalse();
        leave.forEach(Runnable::run);
        for (Thread waiter : waiters) {
            assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(limiter.retryAfter()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void doesNotSlowWhoWasVerifiedBefore() {
        var authenticator = authenticator(limit(1, Duration.ofHours(1), 1));
        assertThat(outcome(authenticator.check(Claims.bearer(TOKEN)))).isEqualTo("granted");
        outcomes(authenticator, 1, Claims.bearer("wrong"));
        assertThat(outcomes(authenticator, 100, Claims.bearer(TOKEN))).containsOnly("granted");
    }

    @Test
    void letsNobodyElsesAddressTellAtOnceWhetherAGuessIsRight() {
        var authenticator = authenticator(limit(1, Duration.ofMillis(200), 1));
        assertThat(outcome(authenticator.check(Claims.bearer(TOKEN)))).isEqualTo("granted");
        long start = System.nanoTime();
        outcomes(authenticator, 1, Claims.from("192.0.2.9", "authorization", "Bearer wrong"));
        authenticator.check(Claims.from("192.0.2.9", "authorization", "Bearer " + TOKEN));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void looksAtTheAddressThatATrustedProxyNames() {
        var authenticator = authenticator(limit(1, PACE, 8));
        var proxies = TrustedProxies.of(List.of("10.0.0.1"), false);
        outcomes(authenticator, 2, proxied(proxies, "203.0.113.7"));
        assertThat(outcome(authenticator.check(proxied(proxies, "203.0.113.7"))))
                .isEqualTo("limited");
        assertThat(outcome(authenticator.check(proxied(proxies, "203.0.113.8"))))
                .isEqualTo("denied");
    }

    private static Claim proxied(TrustedProxies proxies, String client) {
        return Claims.through(proxies, "10.0.0.1", "x-forwarded-for", client, "authorization", "Bearer wrong");
    }

    @Test
    void forgetsAttemptsAfterTheWindowAndLimitsAfterTheLockout() {
        var limiter = limiter(limit(2, PACE, 8));
        assertThat(limiter.wrong(address("192.0.2.1"))).isEmpty();
        pass(MINUTE);
        assertThat(limiter.wrong(address("192.0.2.1"))).isEmpty();
        assertThat(limiter.wrong(address("192.0.2.1"))).isEmpty();
        pass(MINUTE);
        assertThat(limiter.wrong(address("192.0.2.1"))).contains(Duration.ofMinutes(4));
        pass(Duration.ofMinutes(4));
        assertThat(limiter.wrong(address("192.0.2.1"))).isEmpty();
    }

    @Test
    void countsAnIpv6NetworkOfOneCustomerAsOneAddress() {
        var limiter = limiter(limit(1, PACE, 8));
        assertThat(limiter.wrong(address("2001:db8:0:1::1"))).isEmpty();
        assertThat(limiter.wrong(address("2001:db8:0:1:ffff::2"))).isPresent();
        assertThat(limiter.wrong(address("2001:db8:0:2::1"))).isEmpty();
    }

    @Test
    void keepsALimitedAddressLimitedWhateverOtherAddressesTry() throws Exception {
        var limiter = limiter(limit(2, PACE, 8));
        limiter.wrong(address("192.0.2.1"));
        limiter.wrong(address("192.0.2.1"));
        for (int i = 0; i < 3 * Limiter.MAX_ADDRESSES; i++) {
            limiter.wrong(numbered(i));
        }
        assertThat(limiter.remembered()).isEqualTo(Limiter.MAX_ADDRESSES);
        assertThat(limiter.wrong(address("192.0.2.1"))).isPresent();
        assertThat(limiter.wrong(numbered(4 * Limiter.MAX_ADDRESSES)))
                .as("a fresh address of the same network")
                .isPresent();
        assertThat(limiter.wrong(address("198.51.100.1")))
                .as("an address of another network")
                .isEmpty();
        pass(Duration.ofMinutes(6));
        limiter.wrong(address("198.51.100.7"));
        assertThat(limiter.remembered()).isEqualTo(1);
    }

    private static InetAddress numbered(int i) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {
            0x20, 1, 0xd, (byte) 0xb8, 0, (byte) (i >> 16), (byte) (i >> 8), (byte) i, 0, 0, 0, 0, 0, 0, 0, 1
        });
    }

    @Test
    void stopsWaitingWhenTheCallerLeavesAndKeepsNoPlaceForIt() throws Exception {
        var limiter = limiter(limit(1, Duration.ofHours(1), 1));
        limiter.wrong(address("192.0.2.1"));
        var leave = new AtomicReference<Runnable>(() -> {});
        var waits = new CountDownLatch(1);
        Departure departure = action -> {
            leave.set(action);
            waits.countDown();
            return () -> {};
        };
        var ended = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            if (!limiter.mayCompare(address("192.0.2.1"), departure)) {
                ended.countDown();
            }
        });
        assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(limiter.mayCompare(address("192.0.2.1"), Departure.UNSEEN))
                .as("the one place is taken")
                .isFalse();
        leave.get().run();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        pass(Duration.ofHours(1));
        assertThat(limiter.mayCompare(address("192.0.2.1"), Departure.UNSEEN)).isTrue();
    }

    @Test
    void anAddressStaysLimitedForTheNextAuthenticatorWhichHasItsOwnNumbers() {
        var first = authenticator(limit(2, PACE, 8));
        outcomes(first, 2, Claims.bearer("wrong"));
        var rules = new AuthRules(limit(9, PACE, 8), TrustedProxies.NONE, Origins.OWN, Clock.systemUTC());
        var next = first.with(Optional.of(new TokenAuth(new Secret("another-token"))), Optional.empty(), rules);
        assertThat(outcome(next.check(Claims.bearer("wrong")))).isEqualTo("limited");
        assertThat(outcomes(next, 8, Claims.from("192.0.2.77", "authorization", "Bearer wrong")))
                .containsOnly("denied");
    }

    @Test
    void whatAnEarlierAuthenticatorRememberedDoesNotHold() {
        var first = authenticator(limit(9, PACE, 8));
        assertThat(outcome(first.check(Claims.bearer(TOKEN)))).isEqualTo("granted");
        var rules = new AuthRules(limit(9, PACE, 8), TrustedProxies.NONE, Origins.OWN, Clock.systemUTC());
        var next = first.with(Optional.of(new TokenAuth(new Secret("another-token"))), Optional.empty(), rules);
        assertThat(outcome(next.check(Claims.bearer(TOKEN)))).isEqualTo("denied");
        // One that is still under way remembers for itself alone.
        assertThat(outcome(first.check(Claims.bearer(TOKEN)))).isEqualTo("granted");
        assertThat(outcome(next.check(Claims.bearer(TOKEN)))).isEqualTo("denied");
    }
}
