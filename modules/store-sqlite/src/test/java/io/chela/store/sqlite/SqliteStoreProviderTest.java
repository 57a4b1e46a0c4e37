package io.chela.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Message;
import io.chela.api.Role;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Lease;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.Settings;
import io.chela.api.spi.StoreProvider;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteStoreProviderTest {
    private static final SessionKey KEY = new SessionKey("agent:main:main");

    private final StoreProvider provider = new SqliteStoreProvider();
    private final Path folder;

    SqliteStoreProviderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void isAServiceOfTheTypeSqlite() {
        assertThat(provider.type()).isEqualTo("sqlite");
        assertThat(SqliteStoreProvider.class.getModule().getDescriptor().provides())
                .anyMatch(provides -> provides.service().equals(StoreProvider.class.getName())
                        && provides.providers().contains(SqliteStoreProvider.class.getName()));
    }

    @Test
    void createsFilesThatOnlyTheirOwnerMayRead() throws IOException {
        try (SessionStore store = open(folder)) {
            append(store);
            try (var files = Files.list(folder)) {
                List<Path> all = files.toList();
                assertThat(all)
                        .extracting(path -> path.getFileName().toString())
                        .contains("chela.db", "chela.db-wal");
                assertThat(all).extracting(SqliteStoreProviderTest::mode).containsOnly("rw-------");
            }
        }
    }

    @Test
    void takesTheRightsOfOthersFromAFileThatIsThere() throws IOException {
        Files.createFile(
                database(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        open(folder).close();
        assertThat(mode(database())).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "what?mode=memory", "50%25", "Zoë#1"})
    void opensInAFolderOfAnyName(String name) throws IOException {
        Path odd = Files.createDirectory(folder.resolve(name));
        try (SessionStore store = open(odd)) {
            append(store);
        }
        try (SessionStore store = open(odd)) {
            assertThat(store.read("operator", KEY)).hasSize(1);
        }
        assertThat(odd.resolve("chela.db")).isNotEmptyFile();
    }

    @Test
    void saysWhichFileIsDamaged() throws IOException {
        Files.writeString(database(), "This is a diary and no database. ".repeat(100));
        refuses("damaged");
    }

    @Test
    void saysThatAFileIsCutShort() throws IOException {
        try (SessionStore store = open(folder)) {
            append(store);
        }
        byte[] whole = Files.readAllBytes(database());
        Files.write(database(), Arrays.copyOf(whole, 4096));
        refuses("damaged");
    }

    @Test
    void saysThatAFolderIsInTheWay() throws IOException {
        Files.createDirectory(database());
        refuses("it is not a file");
    }

    @Test
    void saysThatTheFolderIsMissing() {
        assertThatThrownBy(() -> open(folder.resolve("nowhere")).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("cannot be created");
    }

    @Test
    void refusesSettings() {
        var settings = Settings.of(Config.just(ConfigSources.create(Map.of("path", "elsewhere.db"))));
        assertThatThrownBy(() -> provider.open(new ExtensionContext("sqlite", settings, folder, folder))
                        .close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("path: unknown key");
    }

    private void refuses(String why) {
        assertThatThrownBy(() -> open(folder).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(database().toString())
                .hasMessageContaining(why);
    }

    private SessionStore open(Path folder) {
        return provider.open(new ExtensionContext("sqlite", Settings.of(Config.empty()), folder, folder));
    }

    private Path database() {
        return folder.resolve(SqliteStoreProvider.FILE_NAME);
    }

    private static void append(SessionStore store) {
        try (Lease lease = store.claim("operator", KEY)) {
            var hello = List.of(Message.of(Role.USER, "hello"));
            store.append(lease, new RunEntries(new RunId("r"), EntryState.DONE, Instant.EPOCH, hello));
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
