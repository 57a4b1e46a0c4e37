package io.chela.auth;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/// The right credentials that were shown not long ago, each with the address that showed it: another address
/// could else use it to learn, as fast as it likes, whether a guess is right. Safe for many threads.
final class Remembered {
    /// How many are remembered; the one not shown for longest goes.
    static final int MAX = 10_000;

    /// How long an answer holds before the provider is asked again.
    static final Duration HOLDS = Duration.ofMinutes(5);

    private record Key(String address, SecretHash secret) {}

    /// @param fresh whether the answer still holds; else the secret was right, and is to be asked about again
    record Known(Identity identity, boolean fresh) {}

    private record Answer(Identity identity, Instant at, Object by) {}

    private final Clock clock;
    private final ReentrantLock lock;
    private final SequencedMap<Key, Answer> answers;

    Remembered(Clock clock) {
        this(clock, new ReentrantLock(), new LinkedHashMap<>(16, 0.75f, true));
    }

    private Remembered(Clock clock, ReentrantLock lock, SequencedMap<Key, Answer> answers) {
        this.clock = clock;
        this.lock = lock;
        this.answers = answers;
    }

    /// The same credentials before another provider: no answer of the one before holds, also none that comes
    /// after this.
    Remembered anew() {
        return new Remembered(clock, lock, answers);
    }

    Optional<Known> find(InetAddress address, SecretHash secret) {
        lock.lock();
        try {
            return Optional.ofNullable(answers.get(key(address, secret)))
                    .map(answer -> new Known(answer.identity(), isFresh(answer)));
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Answer answer) {
        return answer.by() == this && clock.instant().isBefore(answer.at().plus(HOLDS));
    }

    void put(InetAddress address, SecretHash secret, Identity identity) {
        lock.lock();
        try {
            answers.put(key(address, secret), new Answer(identity, clock.instant(), this));
            if (answers.size() > MAX) {
                answers.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    void forget(InetAddress address, SecretHash secret) {
        lock.lock();
        try {
            answers.remove(key(address, secret));
        } finally {
            lock.unlock();
        }
    }

    private static Key key(InetAddress address, SecretHash secret) {
        return new Key(Caller.counted(address), secret);
    }
}
