package io.chela.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A piece of work for a database thread, and the wait of the one who asked for it.
///
/// Settling allocates nothing, so that also an `OutOfMemoryError` reaches the caller.
final class Job<T> {
    /// What to do with the database. Can be done a second time, after a rollback.
    interface Work<T> {
        T on(Statements database) throws SQLException;
    }

    private final Work<T> work;
    private final Semaphore settled = new Semaphore(0);
    private @Nullable T value;
    private @Nullable Throwable failure;

    Job(Work<T> work) {
        this.work = work;
    }

    /// Does the work; the caller goes on waiting.
    void run(Statements database) throws SQLException {
        value = work.on(database);
    }

    /// Lets the caller go with what the work gave.
    void settle() {
        settled.release();
    }

    void fail(Throwable cause) {
        failure = cause;
        settled.release();
    }

    /// Waits uninterruptibly and keeps the interrupt flag.
    T await() {
        settled.acquireUninterruptibly();
        Throwable cause = failure;
        T result = value;
        if (cause != null || result == null) {
            throw Fault.of("the store failed", cause == null ? new AssertionError("work gives a value") : cause);
        }
        return result;
    }
}
