package bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Many connections that are open at the same time; closing closes all of them.
record Crowd(List<Peer> peers) implements AutoCloseable {
    /// So many come at the same moment: fewer than a listener's queue holds.
    private static final int TOGETHER = 64;

    /// What each does first. Throwing fails the whole.
    @FunctionalInterface
    interface Arrival {
        Peer arrive() throws IOException;
    }

    static Crowd of(int number, Arrival arrival) throws IOException, InterruptedException {
        var together = new Semaphore(TOGETHER);
        return new Crowd(all(number, () -> {
            together.acquire();
            try {
                return arrival.arrive();
            } finally {
                together.release();
            }
        }));
    }

    /// Does the same so many times at once, each on a virtual thread, and waits for all.
    static <T> List<T> all(int number, Callable<T> task) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                results.add(threads.submit(task));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) {
                all.add(result.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IOException("one of " + number + " failed: " + e.getCause(), e);
        }
    }

    int closed() throws IOException {
        int closed = 0;
        for (Peer peer : peers) {
            closed += peer.isClosed() ? 1 : 0;
        }
        return closed;
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.close();
        }
    }
}
