package io.chela.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    private static final List<String> FIRST = List.of("CREATE TABLE notes (text TEXT NOT NULL)");
    private static final List<String> SECOND =
            List.of("ALTER TABLE notes ADD COLUMN color TEXT NOT NULL DEFAULT 'red'");
    private static final List<String> BROKEN = List.of("CREATE TABLE halfway (x)", "ALTER TABLE missing ADD COLUMN x");

    private final Path folder;
    private final Path file;

    SchemaTest(@TempDir Path folder) {
        this.folder = folder;
        file = folder.resolve("notes.db");
    }

    @Test
    void copiesAnOlderFileAndMigratesIt() throws Exception {
        write(new Schema(List.of(FIRST)), "INSERT INTO notes(text) VALUES ('old')");
        assertThat(read(file, new Schema(List.of(FIRST, SECOND)), "SELECT text || ' ' || color FROM notes"))
                .containsExactly("old red");
        Path copy = folder.resolve("notes.db.v1.bak");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(read(copy, new Schema(List.of(FIRST)), "SELECT text FROM notes"))
                .containsExactly("old");
        assertThat(names()).doesNotContain("notes.db.v1.bak.tmp");
    }

    @Test
    void opensAFileOfItsOwnVersionWithoutACopy() throws Exception {
        Schema schema = new Schema(List.of(FIRST, SECOND));
        write(schema, "INSERT INTO notes(text) VALUES ('kept')");
        assertThat(read(file, schema, "SELECT text FROM notes")).containsExactly("kept");
        assertThat(names()).noneMatch(name -> name.endsWith(".bak"));
    }

    @Test
    void refusesAFileOfANewerVersion() throws Exception {
        write(new Schema(List.of(FIRST, SECOND)), "INSERT INTO notes(text) VALUES ('new')");
        assertThatThrownBy(() -> read(file, new Schema(List.of(FIRST)), "SELECT text FROM notes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("version 2")
                .hasMessageContaining("up to 1");
        assertThat(read(file, new Schema(List.of(FIRST, SECOND)), "SELECT text FROM notes"))
                .containsExactly("new");
    }

    @Test
    void leavesTheFileAsItWasWhenAMigrationFails() throws Exception {
        write(new Schema(List.of(FIRST)), "INSERT INTO notes(text) VALUES ('old')");
        assertThatThrownBy(() -> read(file, new Schema(List.of(FIRST, SECOND, BROKEN)), "SELECT 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing");
        assertThat(read(file, new Schema(List.of(FIRST)), "SELECT text FROM notes"))
                .containsExactly("old");
        assertThat(read(file, new Schema(List.of(FIRST)), "SELECT name FROM sqlite_schema"))
                .containsExactly("notes");
    }

    @Test
    void refusesADatabaseOfAnotherProgram() throws Exception {
        write(new Schema(List.of(FIRST)), "PRAGMA user_version = 0");
        assertThatThrownBy(() -> read(file, new Schema(List.of(FIRST)), "SELECT 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not written by this program");
    }

    private void write(Schema schema, String sql) throws SQLException {
        try (Statements statements = new Database(file, schema).openForWriting()) {
            statements.update(sql);
        }
    }

    private static List<String> read(Path file, Schema schema, String sql) throws SQLException {
        try (Statements statements = new Database(file, schema).openForWriting()) {
            return statements.query(sql, row -> row.getString(1));
        }
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
