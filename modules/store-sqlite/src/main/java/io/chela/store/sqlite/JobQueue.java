package io.chela.store.sqlite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Jobs in order of arrival, for one or more database threads. When it is full, callers wait for room.
final class JobQueue {
    /// How many jobs wait at most; each has a caller that waits with it.
    static final int MAX_WAITING = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Job<?>> waiting = new ArrayDeque<>(MAX_WAITING);
    private boolean closed;

    /// Has work done by a database thread and waits for it, uninterruptibly.
    ///
    /// @throws io.chela.api.ProblemException with `Internal` when the work failed or the queue is closed
    <T> T run(Job.Work<T> work) {
        Job<T> job = new Job<>(work);
        if (!put(job)) {
            job.fail(new IllegalStateException("the store is closed"));
        }
        return job.await();
    }

    private boolean put(Job<?> job) {
        lock.lock();
        try {
            while (waiting.size() >= MAX_WAITING && !closed) {
                room.awaitUninterruptibly();
            }
            if (closed) {
                return false;
            }
            waiting.add(job);
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for jobs and moves at most that many into the group; false when the queue is closed and empty.
    boolean take(List<Job<?>> group, int most) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            while (!waiting.isEmpty() && group.size() < most) {
                group.add(waiting.remove());
            }
            room.signalAll();
            return !group.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the queue because nobody serves it any more: whoever waits is told.
    void abandon() {
        close();
        List<Job<?>> left = new ArrayList<>();
        while (take(left, MAX_WAITING)) {
            left.forEach(job -> job.fail(new IllegalStateException("the store's thread has ended")));
            left.clear();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more jobs; those that wait are still done.
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
