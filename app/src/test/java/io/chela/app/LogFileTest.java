package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void leavesTheRightsOfAFileThatIsThere() throws Exception {
        Files.createDirectory(folder.resolve("logs"));
        var readableForAGroup = PosixFilePermissions.fromString("rw-r-----");
        Files.createFile(path());
        Files.setPosixFilePermissions(path(), readableForAGroup);
        try (var file = file()) {
            assertThat(write(file, "one\n")).isTrue();
        }
        assertThat(Files.getPosixFilePermissions(path())).isEqualTo(readableForAGroup);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "link to a device", "folder", "pipe"})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // to open a pipe cannot be interrupted
    void touchesNothingThatIsNoRegularFile(String what) throws Exception {
        Files.createDirectory(folder.resolve("logs"));
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs\n");
        switch (what) {
            case "link" -> Files.createSymbolicLink(path(), elsewhere);
            case "link to a device" -> Files.createSymbolicLink(path(), Path.of("/dev/null"));
            case "folder" -> Files.createDirectory(path());
            default -> pipe(path());
        }
        var before = Files.readAttributes(path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        try (var file = file()) {
            assertThat(write(file, "x".repeat(SMALL) + "\nlost\n")).isFalse();
        }
        assertThat(complaints.toString(UTF_8)).contains("chela.log cannot be written (");
        assertThat(files()).containsExactly(path());
        assertThat(Files.readAttributes(path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey())
                .isEqualTo(before.fileKey());
        assertThat(elsewhere).hasContent("theirs\n");
    }

    @Test
    void leavesWhatTookItsPlaceAlone() throws Exception {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
        try (var file = file()) {
            write(file, "one\n");
            Files.move(path(), elsewhere, StandardCopyOption.REPLACE_EXISTING);
            Files.createSymbolicLink(path(), elsewhere); // the very file, by another name
            assertThat(write(file, "two\n")).isFalse();
        }
        assertThat(path()).isSymbolicLink();
        assertThat(elsewhere).hasContent("one\n");
    }

    private static void pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
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
