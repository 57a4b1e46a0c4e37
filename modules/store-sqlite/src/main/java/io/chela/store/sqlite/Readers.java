package io.chela.store.sqlite;

import java.util.ArrayList;
import java.util.List;

/// A few threads that read, each through its own connection; neither they nor the writer wait for each other.
final class Readers implements AutoCloseable {
    /// How many reads go on at once.
    static final int THREADS = 4;

    private final JobQueue queue = new JobQueue();
    private final List<DatabaseThread> threads = new ArrayList<>(THREADS);

    Readers(Database database) {
        try {
            for (int i = 1; i <= THREADS; i++) {
                threads.add(DatabaseThread.start("chela-store-reader-" + i, database::openForReading, this::serve));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    <T> T read(Job.Work<T> work) {
        return queue.run(work);
    }

    private void serve(Statements database) {
        List<Job<?>> one = new ArrayList<>(1);
        while (queue.take(one, 1)) {
            answer(database, one.getFirst());
            one.clear();
        }
    }

    private static void answer(Statements database, Job<?> job) {
        try {
            job.run(database);
        } catch (Throwable e) {
            // Anything, as in the writer: whoever waits for this job has to hear of it.
            job.fail(e);
            return;
        }
        job.settle();
    }

    @Override
    public void close() {
        queue.close();
        threads.forEach(DatabaseThread::join);
    }
}
