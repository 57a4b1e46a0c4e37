package io.chela.edge;

/// A standing interest that ends when it is closed; after `close()` its action does not run any more.
public interface Watch extends AutoCloseable {
    @Override
    void close();
}
