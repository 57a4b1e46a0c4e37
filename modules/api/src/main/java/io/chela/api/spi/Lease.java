package io.chela.api.spi;

import io.chela.api.SessionKey;

/// The right to append to one session, until closed. In a store shared by several gateways it can be lost.
public interface Lease extends AutoCloseable {
    String owner();

    SessionKey key();

    /// Gives the right back. Idempotent.
    @Override
    void close();
}
