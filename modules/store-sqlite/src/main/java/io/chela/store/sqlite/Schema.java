package io.chela.store.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables and their versions. The file's version is SQLite's `user_version`, 0 in a new file.
///
/// @param migrations the statements that lead from each version to the next; the first makes version 1 of
/// nothing.
///     What was released is never changed, only added to.
record Schema(List<List<String>> migrations) {
    private static final List<String> FIRST = List.of(
            """
            CREATE TABLE sessions (
                id         INTEGER PRIMARY KEY,
                owner      TEXT NOT NULL,
                key        TEXT NOT NULL,
                created_at INTEGER NOT NULL, -- this and every time: nanoseconds since 1970
                updated_at INTEGER NOT NULL,
                UNIQUE (owner, key)
            )""",
            "CREATE INDEX sessions_newest ON sessions (owner, updated_at)",
            """
            CREATE TABLE entries (
                session INTEGER NOT NULL REFERENCES sessions (id),
                seq     INTEGER NOT NULL,
                run     TEXT NOT NULL,
                role    TEXT NOT NULL,
                state   TEXT NOT NULL,
                content TEXT NOT NULL, -- the message, whole, as JSON
                at      INTEGER NOT NULL,
                PRIMARY KEY (session, seq)
            )""",
            "CREATE INDEX entries_of_run ON entries (session, run)");

    Schema {
        migrations = List.copyOf(migrations);
    }

    static Schema current() {
        return new Schema(List.of(FIRST));
    }

    /// Brings a file to this version; an older one is copied first.
    ///
    /// @throws IllegalArgumentException when a newer version or another program wrote the file
    void upgrade(Connection connection, Path file) throws SQLException, IOException {
        int found = number(connection, "PRAGMA user_version");
        if (found > migrations.size()) {
            throw new IllegalArgumentException("The store " + file + " has schema version " + found
                    + ", this program knows versions up to " + migrations.size()
                    + ": start the newer program that wrote it, or restore an older copy.");
        }
        if (found == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") > 0) {
            throw new IllegalArgumentException("The store " + file + " was not written by this program: move it away.");
        }
        if (found > 0 && found < migrations.size()) {
            BackupCopy.make(connection, file, found);
        }
        migrate(connection, found);
    }

    /// One transaction, which a failure leaves to be undone by the connection's end: the file stays as it was.
    ///
    /// Writes also when there is nothing to do, to learn at the start that the file cannot be written.
    private void migrate(Connection connection, int found) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (List<String> migration : migrations.subList(found, migrations.size())) {
                for (String sql : migration) {
                    statement.execute(sql);
                }
            }
            statement.execute("PRAGMA user_version = " + migrations.size());
            statement.execute("COMMIT");
        }
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getInt(1);
        }
    }
}
