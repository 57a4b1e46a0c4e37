package io.chela.api.spi;

/// The models of one configured provider.
public interface Models extends AutoCloseable {
    /// Finds a model by the part of a reference behind the first `/`. Called at the start for each agent, and
    /// for each turn, so it does no I/O and is cheap.
    ///
    /// @throws IllegalArgumentException when there is none of that id; the message says which there are
    Model model(String id);

    /// Says where prompts go, for the start line: a URL, or "a process on this machine".
    String destination();

    /// Gives back what the models hold. Runs are over, or are cancelled, by then.
    @Override
    default void close() {}
}
