package io.chela.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileWatchTest {
    private static final Duration OFTEN = Duration.ofMillis(200);

    /// Ten times what a change may take that only a look finds.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("unset");

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Path file = Path.of("unset");
    private @Nullable FileWatch watch;

    @BeforeEach
    void make() throws IOException {
        file = Files.writeString(folder.resolve("a.yaml"), "one");
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
    }

    private void watch(Path polled) throws InterruptedException {
        watch = new FileWatch(() -> Set.of(file), polled, () -> seen.add(read()), OFTEN);
        assertThat(next()).isEqualTo(read()); // the first look
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "gone";
        }
    }

    private @Nullable String next() throws InterruptedException {
        return seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Path beside(String text) throws IOException {
        return Files.writeString(folder.resolve("beside"), text);
    }

    @Test
    void tellsOfAWriteARenameADeletionAndAReturn() throws Exception {
        watch(folder.resolve("elsewhere"));
        Files.writeString(file, "two, longer");
        assertThat(next()).isEqualTo("two, longer");
        Files.move(beside("three"), file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(next()).isEqualTo("three");
        Files.delete(file);
        assertThat(next()).isEqualTo("gone");
        Files.writeString(file, "four");
        assertThat(next()).isEqualTo("four");
        assertThat(seen).isEmpty();
    }

    /// As Kubernetes mounts a ConfigMap: the file is a link through a link that is swapped.
    @Test
    void tellsOfASwappedFolderLink() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("a.yaml"), "old");
        Files.writeString(second.resolve("a.yaml"), "new");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("..data", "a.yaml"));
        watch(folder.resolve("elsewhere"));
        Files.move(Files.createSymbolicLink(folder.resolve("..tmp"), second), data, StandardCopyOption.ATOMIC_MOVE);
        assertThat(next()).isEqualTo("new");
    }

    @Test
    void findsByLookingWhatNoEventTells() throws Exception {
        watch(folder); // of which no events are asked
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, "eno"); // as long as before
        Files.setLastModifiedTime(file, before); // and in the same moment, as far as a coarse clock can tell
        assertThat(next()).isEqualTo("eno");
    }

    @Test
    void waitsUntilTheFileIsLeftAlone() throws Exception {
        watch(folder.resolve("elsewhere"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(file, " part " + i, StandardOpenOption.APPEND);
            Thread.sleep(20); // a slow writer
        }
        assertThat(next()).endsWith(" part 19");
    }

    @Test
    void runsAtOnceForWhoeverAsks() throws Exception {
        watch(folder);
        if (watch != null) {
            watch.ask();
        }
        assertThat(next()).isEqualTo("one");
    }

    @Test
    void doesNotLetWhoeverAsksWaitForAFileThatIsNeverLeftAlone() throws Exception {
        watch(folder.resolve("elsewhere"));
        for (int i = 0; seen.isEmpty(); i++) {
            assertThat(i).as("writes before it was read").isLessThan(200);
            Files.writeString(file, " part " + i, StandardOpenOption.APPEND);
            Thread.sleep(10);
            if (i == 30 && watch != null) {
                watch.ask();
            }
        }
        assertThat(next()).contains(" part 30");
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, ServiceConfigurationError.class})
    void goesOnAfterAnActionThatFailed(Class<? extends Throwable> failure) throws Exception {
        watch = new FileWatch(
                () -> Set.of(file),
                folder.resolve("elsewhere"),
                () -> {
                    seen.add(read());
                    if (failure == ServiceConfigurationError.class) {
                        throw new ServiceConfigurationError("of the test");
                    }
                    throw new IllegalStateException("of the test");
                },
                OFTEN);
        assertThat(next()).isEqualTo("one");
        Files.writeString(file, "two, longer");
        assertThat(next()).isEqualTo("two, longer");
    }
}
