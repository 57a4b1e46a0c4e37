package io.chela.store.sqlite;

import io.chela.api.Message;
import io.chela.api.SessionKey;
import io.chela.api.spi.RunEntries;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/// One append, as SQL. Creates the session with its first message; a change of state alone creates nothing.
record Append(String owner, SessionKey key, RunEntries entries) implements Job.Work<Integer> {
    private static final String FIND = "SELECT id FROM sessions WHERE owner = ? AND key = ?";
    private static final String CREATE = "INSERT INTO sessions(owner, key, created_at, updated_at) VALUES (?, ?, ?, ?)";
    private static final String TOUCH = "UPDATE sessions SET updated_at = ? WHERE id = ?";
    private static final String LAST = "SELECT coalesce(max(seq), 0) FROM entries WHERE session = ?";
    private static final String ADD =
            "INSERT INTO entries(session, seq, run, role, state, content, at) VALUES (?, ?, ?, ?, ?, ?, ?)";
    // What was settled stays so, also when its run's id is used again.
    private static final String SETTLE =
            "UPDATE entries SET state = ? WHERE session = ? AND run = ? AND state = 'unanswered'";

    /// Gives the number of entries that it added or changed.
    @Override
    public Integer on(Statements database) throws SQLException {
        long at = Nanos.of(entries.at());
        List<Long> found = find(database);
        if (found.isEmpty()) {
            if (entries.messages().isEmpty()) {
                return 0;
            }
            database.update(CREATE, owner, key.value(), at, at);
            found = find(database);
        } else {
            database.update(TOUCH, at, found.getFirst());
        }
        return settle(database, found.getFirst()) + add(database, found.getFirst(), at);
    }

    private List<Long> find(Statements database) throws SQLException {
        return database.query(FIND, row -> row.getLong(1), owner, key.value());
    }

    private int settle(Statements database, long session) throws SQLException {
        return database.update(SETTLE, state(), session, entries.run().value());
    }

    private int add(Statements database, long session, long at) throws SQLException {
        long seq = database.query(LAST, row -> row.getLong(1), session).getFirst();
        for (Message message : entries.messages()) {
            seq++;
            database.update(
                    ADD,
                    session,
                    seq,
                    entries.run().value(),
                    message.role().wire(),
                    state(),
                    Content.write(message),
                    at);
        }
        return entries.messages().size();
    }

    private String state() {
        return entries.state().name().toLowerCase(Locale.ROOT);
    }
}
