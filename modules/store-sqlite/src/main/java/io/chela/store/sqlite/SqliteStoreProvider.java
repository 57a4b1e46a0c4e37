package io.chela.store.sqlite;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.StoreProvider;

/// Opens the store `sqlite`: `chela.db` in the state folder. It has no settings.
public final class SqliteStoreProvider implements StoreProvider {
    static final String FILE_NAME = "chela.db";

    @Override
    public String type() {
        return "sqlite";
    }

    /// Opens or creates the database.
    ///
    /// @throws IllegalArgumentException when a key is set, or the file cannot be used; the message says why
    @Override
    public SessionStore open(ExtensionContext context) {
        context.settings().finish();
        return new SqliteSessionStore(context.stateFolder().resolve(FILE_NAME), Schema.current());
    }
}
