package io.chela.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private final Database database;

    DatabaseTest(@TempDir Path folder) {
        database = new Database(folder.resolve("chela.db"), Schema.current());
    }

    @Test
    void waitsForTheDiskAtEveryCommit() throws SQLException {
        try (Statements statements = database.openForWriting()) {
            assertThat(number(statements, "PRAGMA synchronous")).isEqualTo(2);
            assertThat(statements.query("PRAGMA journal_mode", row -> row.getString(1)))
                    .isEqualTo(List.of("wal"));
            assertThat(number(statements, "PRAGMA foreign_keys")).isEqualTo(1);
        }
    }

    @Test
    void refusesToWriteThroughAReader() throws SQLException {
        try (Statements _ = database.openForWriting();
                Statements reader = database.openForReading()) {
            assertThatThrownBy(() -> reader.update("DELETE FROM sessions"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void findsARunsEntriesWithoutReadingTheSession() throws SQLException {
        try (Statements statements = database.openForWriting()) {
            assertThat(statements.query(
                            "EXPLAIN QUERY PLAN UPDATE entries SET state = 'done' WHERE session = 1 AND run = 'r'",
                            row -> row.getString("detail")))
                    .singleElement()
                    .asString()
                    .contains("entries_of_run (session=? AND run=?)");
        }
    }

    private static int number(Statements statements, String sql) throws SQLException {
        return statements.query(sql, row -> row.getInt(1)).getFirst();
    }
}
