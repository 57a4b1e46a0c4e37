/// The store `sqlite`: [io.chela.store.sqlite.SqliteStoreProvider] opens it, `Writer` and `Readers` own the
/// threads, `Schema` the tables and their versions.
package io.chela.store.sqlite;
