package io.chela.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Slows addresses that try secrets; one for every door. Safe for many threads.
///
/// No address that has something on it is dropped for another: whoever has many could have the old ones
/// forgotten that way. Once there are too many, newcomers share what their network has tried.
final class Limiter {
    /// How many addresses are remembered, an IPv6 /64 being one.
    static final int MAX_ADDRESSES = 10_000;

    /// How many networks newcomers are put into beyond that.
    static final int MAX_NETWORKS = 1_024;

    private static final int NETWORK_BYTES_V4 = 2;
    private static final int NETWORK_BYTES_V6 = 4;
    private static final int V4_BYTES = 4;
    private static final Duration CLEAN_EVERY = Duration.ofSeconds(1);

    private final RateLimit limit;
    private final Seen seen;

    /// Who has tried what.
    private static final class Seen {
        private final LongSupplier nanos;
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<String, Suspect> addresses = new HashMap<>();
        private final Map<Integer, Suspect> networks = new HashMap<>();
        private long nextCleaning;

        Seen(LongSupplier nanos) {
            this.nanos = nanos;
            this.nextCleaning = nanos.getAsLong();
        }
    }

    /// @param nanos counts nanoseconds, as `System.nanoTime` does
    Limiter(RateLimit limit, LongSupplier nanos) {
        this(limit, new Seen(nanos));
    }

    private Limiter(RateLimit limit, Seen seen) {
        this.limit = limit;
        this.seen = seen;
    }

    /// Other numbers for the same addresses: who is limited stays so.
    Limiter with(RateLimit other) {
        return new Limiter(other, seen);
    }

    /// Waits, if need be, until a secret from this address may be compared; false when it may not.
    boolean mayCompare(InetAddress address, Departure departure) {
        return find(address)
                .map(suspect -> suspect.mayCompare(limit, departure))
                .orElse(true);
    }

    /// Counts a wrong secret; for how long the address is limited, if it was so before.
    Optional<Duration> wrong(InetAddress address) {
        return remember(address).wrong(limit);
    }

    /// When a secret that was not compared may be tried again.
    Duration retryAfter() {
        return Suspect.queueTime(limit);
    }

    int remembered() {
        seen.lock.lock();
        try {
            return seen.addresses.size();
        } finally {
            seen.lock.unlock();
        }
    }

    private Optional<Suspect> find(InetAddress address) {
        seen.lock.lock();
        try {
            return Optional.ofNullable(seen.addresses.get(Caller.counted(address)))
                    .or(() -> Optional.ofNullable(seen.networks.get(network(address))));
        } finally {
            seen.lock.unlock();
        }
    }

    private Suspect remember(InetAddress address) {
        seen.lock.lock();
        try {
            Suspect known = seen.addresses.get(Caller.counted(address));
            if (known != null) {
                return known;
            }
            clean();
            return seen.addresses.size() < MAX_ADDRESSES
                    ? seen.addresses.computeIfAbsent(Caller.counted(address), _ -> new Suspect(seen.nanos))
                    : seen.networks.computeIfAbsent(network(address), _ -> new Suspect(seen.nanos));
        } finally {
            seen.lock.unlock();
        }
    }

    private void clean() {
        long now = seen.nanos.getAsLong();
        if (seen.addresses.size() >= MAX_ADDRESSES && now - seen.nextCleaning >= 0) {
            seen.nextCleaning = now + CLEAN_EVERY.toNanos();
            seen.addresses.values().removeIf(suspect -> suspect.isForgotten(limit));
            seen.networks.values().removeIf(suspect -> suspect.isForgotten(limit));
        }
    }

    /// The IPv4 /16 or IPv6 /32 an address is in, as one of a bounded number.
    private static int network(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = bytes.length == V4_BYTES ? NETWORK_BYTES_V4 : NETWORK_BYTES_V6;
        return Math.floorMod(Arrays.hashCode(Arrays.copyOf(bytes, length)), MAX_NETWORKS);
    }
}
