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
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Suspect> addresses = new HashMap<>();
    private final Map<Integer, Suspect> networks = new HashMap<>();
    private long nextCleaning;

    /// @param nanos counts nanoseconds, as `System.nanoTime` does
    Limiter(RateLimit limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
        this.nextCleaning = nanos.getAsLong();
    }

    /// Waits, if need be, until a secret from this address may be compared; false when it may not.
    boolean mayCompare(InetAddress address, Departure departure) {
        return find(address).map(suspect -> suspect.mayCompare(departure)).orElse(true);
    }

    /// Counts a wrong secret; for how long the address is limited, if it was so before.
    Optional<Duration> wrong(InetAddress address) {
        return remember(address).wrong();
    }

    /// When a secret that was not compared may be tried again.
    Duration retryAfter() {
        return Suspect.queueTime(limit);
    }

    int remembered() {
        lock.lock();
        try {
            return addresses.size();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Suspect> find(InetAddress address) {
        lock.lock();
        try {
            return Optional.ofNullable(addresses.get(Caller.counted(address)))
                    .or(() -> Optional.ofNullable(networks.get(network(address))));
        } finally {
            lock.unlock();
        }
    }

    private Suspect remember(InetAddress address) {
        lock.lock();
        try {
            Suspect known = addresses.get(Caller.counted(address));
            if (known != null) {
                return known;
            }
            clean();
            return addresses.size() < MAX_ADDRESSES
                    ? addresses.computeIfAbsent(Caller.counted(address), _ -> new Suspect(limit, nanos))
                    : networks.computeIfAbsent(network(address), _ -> new Suspect(limit, nanos));
        } finally {
            lock.unlock();
        }
    }

    private void clean() {
        long now = nanos.getAsLong();
        if (addresses.size() >= MAX_ADDRESSES && now - nextCleaning >= 0) {
            nextCleaning = now + CLEAN_EVERY.toNanos();
            addresses.values().removeIf(Suspect::isForgotten);
            networks.values().removeIf(Suspect::isForgotten);
        }
    }

    /// The IPv4 /16 or IPv6 /32 an address is in, as one of a bounded number.
    private static int network(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = bytes.length == V4_BYTES ? NETWORK_BYTES_V4 : NETWORK_BYTES_V6;
        return Math.floorMod(Arrays.hashCode(Arrays.copyOf(bytes, length)), MAX_NETWORKS);
    }
}
