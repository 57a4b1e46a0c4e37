package io.chela.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The database file: how it is created, opened and brought to the schema's version.
///
/// @param file the file, which only its owner may read
record Database(Path file, Schema schema) {
    /// How long a connection waits for another program that has locked the file, such as the `sqlite3` shell.
    static final int BUSY_MILLIS = 5_000;

    /// How large the write-ahead log stays after a checkpoint; it grows beyond while it is written.
    static final int MAX_IDLE_LOG_BYTES = 16 * 1024 * 1024;

    /// What a disk without room looks like from in here.
    private static final Set<SQLiteErrorCode> FULL = Set.of(
            SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE, SQLiteErrorCode.SQLITE_IOERR_WRITE);

    /// Opens, creates and migrates the file. Call first, and once.
    ///
    /// @throws IllegalArgumentException when the file cannot be used; the message says why
    Statements openForWriting() {
        try {
            OwnerOnly.create(file);
            return opened(connection -> {
                requireLog(connection);
                schema.upgrade(connection, file);
            });
        } catch (IOException e) {
            throw unusable("it cannot be created or written: " + e, e);
        }
    }

    /// Opens one more connection, which cannot write.
    Statements openForReading() {
        return opened(connection -> run(connection, "PRAGMA query_only = 1"));
    }

    private interface Preparation {
        void prepare(Connection connection) throws SQLException, IOException;
    }

    private Statements opened(Preparation preparation) {
        if (!Files.isRegularFile(file)) {
            throw unusable("it is not a file", new IOException("not a regular file"));
        }
        try {
            // As a URI, so that no character of the path is taken for an option.
            Connection connection = config().createConnection("jdbc:sqlite:" + file.toUri());
            try {
                preparation.prepare(connection);
                return new Statements(connection);
            } catch (SQLException | IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            if (e instanceof SQLiteException refused && FULL.contains(refused.getResultCode())) {
                throw unusable("its disk is full; make room", e);
            }
            throw unusable("it is damaged, not an SQLite database, or cannot be written: " + e.getMessage(), e);
        }
    }

    private static SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit(MAX_IDLE_LOG_BYTES);
        config.enforceForeignKeys(true);
        config.setGetGeneratedKeys(false); // nobody asks for them, and each insert would prepare a query for them
        return config;
    }

    private static void requireLog(Connection connection) throws SQLException {
        // macOS: fsync alone leaves it in the disk's cache.
        run(connection, "PRAGMA fullfsync = 1");
        try (Statement statement = connection.createStatement();
                ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
            if (!"wal".equals(mode.getString(1))) {
                throw new SQLException("no write-ahead log here; is this a network file system?");
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private IllegalArgumentException unusable(String why, Exception cause) {
        return new IllegalArgumentException("The store " + file + " cannot be opened: " + why, cause);
    }
}
