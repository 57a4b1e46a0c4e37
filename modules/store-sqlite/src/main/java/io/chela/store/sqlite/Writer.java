package io.chela.store.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The one thread that writes. What waits is committed as a group, so that many callers share one wait for the
/// disk.
final class Writer implements AutoCloseable {
    /// How many callers share a commit at most.
    static final int MAX_GROUP = 256;

    private final JobQueue queue = new JobQueue();
    private final DatabaseThread thread;

    Writer(Database database) {
        thread = DatabaseThread.start("chela-store-writer", database::openForWriting, this::serve);
    }

    /// Comes back when the work is durable.
    <T> T write(Job.Work<T> work) {
        return queue.run(work);
    }

    /// How many callers wait for a commit that has not begun.
    int waiting() {
        return queue.size();
    }

    private void serve(Statements database) {
        List<Job<?>> group = new ArrayList<>(MAX_GROUP);
        try {
            while (queue.take(group, MAX_GROUP)) {
                commit(database, group);
                group.clear();
            }
        } finally {
            queue.abandon(); // also when memory ran out between two jobs
        }
    }

    private static void commit(Statements database, List<Job<?>> group) {
        try {
            database.begin();
            for (Job<?> job : group) {
                job.run(database);
            }
            database.commit();
        } catch (Throwable e) {
            // Anything: this thread must outlive what one caller's work does, and nobody may wait for ever.
            rollback(database, e);
            commitEach(database, group, e);
            return;
        }
        group.forEach(Job::settle);
    }

    /// Does the jobs of a failed group one by one, so that exactly those fail that have to.
    private static void commitEach(Statements database, List<Job<?>> group, Throwable failure) {
        if (group.size() == 1) {
            group.getFirst().fail(failure);
            return;
        }
        for (Job<?> job : group) {
            try {
                database.begin();
                job.run(database);
                database.commit();
                job.settle();
            } catch (Throwable e) {
                rollback(database, e);
                job.fail(e);
            }
        }
    }

    private static void rollback(Statements database, Throwable because) {
        try {
            database.rollback();
        } catch (SQLException e) {
            // SQLite has rolled back by itself after a full disk or an I/O error.
            because.addSuppressed(e);
        }
    }

    /// Finishes what waits.
    @Override
    public void close() {
        queue.close();
        thread.join();
    }
}
