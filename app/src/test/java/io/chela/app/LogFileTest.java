package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final int SMALL = 100;

    @TempDir
    private Path folder = Path.of("unset");

    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();

    private Path path() {
        return folder.resolve("logs/chela.log");
    }

    private LogFile file() {
        return new LogFile(path(), SMALL, new PrintStream(complaints, true, UTF_8), now::get);
    }

    private static boolean write(LogFile file, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return file.write(bytes, bytes.length);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("logs"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void isForItsOwnerAlone() throws Exception {
        try (var file = file()) {
            assertThat(write(file, "one\n")).isTrue();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("logs"))))
                .isEqualTo("rwx------");
    }

    @Test
    void goesOnInTheSameFileAfterARestart() throws Exception {
        try (var file = file()) {
            write(file, "one\n");
        }
        try (var file = file()) {
            write(file, "two\n");
        }
        assertThat(path()).hasContent("one\ntwo\n");
    }

    @Test
    void keepsTheLastFilesAndNoneIsLongerThanItMayBe() throws Exception {
        try (var file = file()) {
            var many = new StringBuilder();
            for (int i = 100; i < 200; i++) {
                many.append("line ").append(i).append('\n');
            }
            write(file, many.toString());
        }
        assertThat(files()).hasSize(LogFile.FILES);
        var all = new StringBuilder();
        for (Path one : files().reversed()) {
            assertThat(Files.size(one)).isBetween(1L, (long) SMALL);
            assertThat(Files.readString(one)).startsWith("line ").endsWith("\n");
            all.append(Files.readString(one));
        }
        assertThat(all.toString().lines().toList())
                .endsWith("line 198", "line 199")
                .isSorted();
    }

    @Test
    void givesALineLongerThanAFileAFileOfItsOwn() throws Exception {
        try (var file = file()) {
            assertThat(write(file, "short\n" + "x".repeat(3 * SMALL) + "\nshort\n"))
                    .isTrue();
        }
        assertThat(files()).hasSize(3);
    }

    @Test
    void complainsOnceWhenItCannotBeWrittenAndTriesAgainLater() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("logs"), "a file");
        try (var file = file()) {
            for (int i = 0; i < 10; i++) {
                assertThat(write(file, "lost\n")).isFalse();
                now.addAndGet(LogFile.RETRY.toNanos());
            }
            assertThat(complaints.toString(UTF_8).lines())
                    .singleElement()
                    .asString()
                    .contains("chela.log cannot be written");
            Files.delete(inTheWay);
            now.addAndGet(LogFile.RETRY.toNanos());
            assertThat(write(file, "found\n")).isTrue();
        }
        assertThat(path()).hasContent("found\n");
    }

    @Test
    void makesADeletedFileAnew() throws Exception {
        try (var file = file()) {
            write(file, "one\n");
            Files.delete(path());
            assertThat(write(file, "two\n")).isTrue();
            Files.move(path(), folder.resolve("logs/moved"));
            assertThat(write(file, "three\n")).isTrue();
        }
        assertThat(path()).hasContent("three\n");
        assertThat(complaints.toString(UTF_8)).isEmpty();
    }
}
