package io.chela.api.spi;

/// Opens a store of sessions. Its [type][#type] is the value of `session.store`.
public interface StoreProvider extends Extension {
    /// Opens the store, migrating an older schema first.
    ///
    /// @throws IllegalArgumentException when a setting is wrong, or the store was written by a newer version
    SessionStore open(ExtensionContext context);
}
