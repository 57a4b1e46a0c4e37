package io.chela.store.sqlite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// A platform thread with a connection of its own: opens it, serves until there is nothing more to do, closes
/// it.
final class DatabaseThread {
    /// Opens a connection, or says in an `IllegalArgumentException` why it cannot.
    interface Opening {
        Statements open();
    }

    private final Thread thread;

    private DatabaseThread(Thread thread) {
        this.thread = thread;
    }

    /// Comes back when the connection is open.
    ///
    /// @throws IllegalArgumentException when it cannot be opened
    static DatabaseThread start(String name, Opening opening, Consumer<Statements> service) {
        var opened = new CompletableFuture<Boolean>();
        Thread thread = Thread.ofPlatform().daemon().name(name).start(() -> {
            try (Statements database = opening.open()) {
                opened.complete(true);
                service.accept(database);
            } catch (Throwable e) {
                opened.completeExceptionally(e);
            }
        });
        try {
            opened.join();
        } catch (CompletionException e) {
            throw new IllegalArgumentException(
                    e.getCause() == null ? name : e.getCause().getMessage(), e.getCause());
        }
        return new DatabaseThread(thread);
    }

    /// Waits for its end, uninterruptibly.
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
