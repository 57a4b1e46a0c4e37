package io.chela.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A connection whose statements are prepared once each. For one thread.
final class Statements implements AutoCloseable {
    /// Reads the row that the cursor is on.
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    // As many as there are SQL texts in this module.
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /// Gives the number of rows changed.
    int update(String sql, Object... values) throws SQLException {
        return prepare(sql, values).executeUpdate();
    }

    <T> List<T> query(String sql, RowReader<T> reader, Object... values) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = prepare(sql, values).executeQuery()) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    /// Reads rows for as long as the reader wants another.
    interface RowTaker {
        boolean take(ResultSet row) throws SQLException;
    }

    /// Steps through rows as the database finds them, and leaves the rest unread.
    void scan(String sql, RowTaker taker, Object... values) throws SQLException {
        try (ResultSet result = prepare(sql, values).executeQuery()) {
            while (result.next() && taker.take(result)) {}
        }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /// Begins to write. Said here and not left to the driver, which begins anew at each commit and so keeps
    /// the file
    /// locked while nobody writes.
    void begin() throws SQLException {
        update("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        update("COMMIT");
    }

    void rollback() throws SQLException {
        update("ROLLBACK");
    }

    /// Closes the connection and with it its statements.
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
