package io.chela.api.spi;

/// The models of one configured provider.
public interface Models extends AutoCloseable {
    /// Finds a model by the part of a reference behind the first `/`.
    ///
    /// @throws IllegalArgumentException when there is none of that id; the message says which there are
    Model model(String id);

    /// Says where prompts go, for the start line: a URL, or "a process on this machine".
    String destination();

    @Override
    default void close() {}
}
