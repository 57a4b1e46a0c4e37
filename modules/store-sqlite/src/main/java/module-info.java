/// Keeps sessions in one SQLite file, `chela.db` in the state folder.
///
/// One thread writes and commits in groups, a few read; all are platform threads, since native code on a
/// virtual thread starves the carriers. What an append returned from is on the disk.
@org.jspecify.annotations.NullMarked
module io.chela.store.sqlite {
    requires static org.jspecify;
    requires io.chela.api;
    requires java.sql;
    requires org.xerial.sqlitejdbc;

    provides io.chela.api.spi.StoreProvider with
            io.chela.store.sqlite.SqliteStoreProvider;
}
