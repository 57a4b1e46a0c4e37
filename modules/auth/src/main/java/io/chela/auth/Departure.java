package io.chela.auth;

/// Lets somebody who waits for a caller's sake hear that the caller left.
@FunctionalInterface
public interface Departure {
    /// Never tells.
    Departure UNSEEN = _ -> () -> {};

    /// Runs the action, which is quick and does not block, when the caller leaves, until closed.
    Watching onLeave(Runnable action);

    /// Ends the interest.
    @FunctionalInterface
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
