package io.chela.store.sqlite;

import io.chela.api.SessionKey;
import io.chela.api.spi.Lease;

/// A lease that nobody else wants: one process owns the file, and its lanes keep the order.
final class SqliteLease implements Lease {
    private final String owner;
    private final SessionKey key;
    private volatile boolean closed;

    SqliteLease(String owner, SessionKey key) {
        this.owner = owner;
        this.key = key;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public SessionKey key() {
        return key;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
