package io.chela.store.sqlite;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.spi.Entry;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.Lease;
import io.chela.api.spi.NewestExchanges;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.SessionSummary;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Keeps transcripts in one SQLite file that belongs to this process alone; so a lease is always granted.
final class SqliteSessionStore implements SessionStore {
    private static final String READ = """
            SELECT seq, run, state, at, content FROM entries
            WHERE session = (SELECT id FROM sessions WHERE owner = ? AND key = ?) ORDER BY seq""";
    // By the primary key, backwards; the size is known without reading the content.
    private static final String NEWEST = """
            SELECT seq, run, state, at, octet_length(content) AS size, content FROM entries
            WHERE session = (SELECT id FROM sessions WHERE owner = ? AND key = ?) AND state IN ('done', 'partial')
            ORDER BY seq DESC""";
    // The numbers of a session have no gaps: its highest one is their count.
    private static final String LIST = """
            SELECT key, created_at, updated_at,
                   (SELECT coalesce(max(seq), 0) FROM entries WHERE session = sessions.id) AS entries
            FROM sessions WHERE owner = ? ORDER BY updated_at DESC, id DESC LIMIT ?""";

    private final Writer writer;
    private final Readers readers;

    /// Opens or creates the database and brings it to the schema's version.
    ///
    /// @throws IllegalArgumentException when the file cannot be used; the message says why
    SqliteSessionStore(Path file, Schema schema) {
        Database database = new Database(file, schema);
        writer = new Writer(database);
        try {
            readers = new Readers(database);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    @Override
    public Lease claim(String owner, SessionKey key) {
        return new SqliteLease(owner, key);
    }

    @Override
    public void append(Lease lease, RunEntries entries) {
        if (!(lease instanceof SqliteLease ours) || ours.isClosed()) {
            throw new ProblemException(new Problem.Conflict("The session is no longer held by this run."));
        }
        writer.write(new Append(lease.owner(), lease.key(), entries));
    }

    @Override
    public List<Entry> read(String owner, SessionKey key) {
        List<Row> rows = readers.read(database -> database.query(READ, Row::of, owner, key.value()));
        // Parsed here, on the caller's thread: a reader is held for the rows alone.
        return rows.stream().map(Row::entry).toList();
    }

    @Override
    public List<Entry> newest(String owner, SessionKey key, HistoryLimits limits) {
        List<Row> rows = readers.read(database -> {
            var exchanges = new NewestExchanges<Row>(limits);
            database.scan(
                    NEWEST,
                    row -> {
                        boolean taken = exchanges.takes(new RunId(row.getString("run")), row.getLong("size"));
                        if (taken) {
                            exchanges.add(Row.of(row));
                        }
                        return taken;
                    },
                    owner,
                    key.value());
            return exchanges.oldestFirst();
        });
        return rows.stream().map(Row::entry).toList();
    }

    @Override
    public List<SessionSummary> list(String owner, int limit) {
        // SQLite takes a negative limit for none.
        return readers.read(database -> database.query(LIST, SqliteSessionStore::summary, owner, Math.max(0, limit)));
    }

    private static SessionSummary summary(ResultSet row) throws SQLException {
        return new SessionSummary(
                new SessionKey(row.getString("key")),
                Nanos.toInstant(row.getLong("created_at")),
                Nanos.toInstant(row.getLong("updated_at")),
                row.getLong("entries"));
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }

    private record Row(long seq, String run, String state, Instant at, String content) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("seq"),
                    row.getString("run"),
                    row.getString("state"),
                    Nanos.toInstant(row.getLong("at")),
                    row.getString("content"));
        }

        Entry entry() {
            try {
                EntryState named = EntryState.valueOf(state.toUpperCase(Locale.ROOT));
                return new Entry(seq, new RunId(run), named, at, Content.read(content));
            } catch (RuntimeException e) {
                throw Fault.of("entry " + seq + " of a session is damaged", e);
            }
        }
    }
}
