package io.chela.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.Lease;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import io.chela.testkit.SessionStoreContract;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSessionStoreTest implements SessionStoreContract {
    @Override
    public SessionStore open(Path folder) {
        return new SqliteSessionStore(folder.resolve(SqliteStoreProvider.FILE_NAME), Schema.current());
    }

    @Test
    void failsInternallyWhenAnEntryIsDamaged(@TempDir Path folder) throws SQLException {
        try (SessionStore store = open(folder);
                Lease lease = store.claim("operator", KEY)) {
            var hello = List.of(Message.of(Role.USER, "hello"));
            store.append(lease, new RunEntries(FIRST, EntryState.DONE, NOON, hello));
            damage(folder);
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> store.read("operator", KEY))
                    .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Internal.class));
        }
    }

    private static void damage(Path folder) throws SQLException {
        var database = new Database(folder.resolve(SqliteStoreProvider.FILE_NAME), Schema.current());
        try (Statements statements = database.openForWriting()) {
            statements.update("UPDATE entries SET content = '{'");
        }
    }
}
