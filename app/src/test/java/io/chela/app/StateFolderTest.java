package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFolderTest {
    @TempDir
    private Path folder = Path.of("unset");

    private static AbstractStringAssert<?> refusal(Path state) {
        try (var taken = StateFolder.take(state)) {
            throw new AssertionError("it was taken: " + taken.path());
        } catch (UsageException e) {
            assertThat(e.exitCode()).isEqualTo(Main.EXIT_FAILED);
            return assertThat(e.text())
                    .startsWith("chela: the state folder " + state + " cannot be used: ")
                    .endsWith(", or name another one with --state-dir or CHELA_STATE_DIR")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void saysWhatStandsInItsPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        refusal(file).contains("it is a file, not a folder; move the file away");
        refusal(file.resolve("below")).contains("a part of its path is a file");
        refusal(Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere")))
                .contains("it is a link to a folder that is not there; make that folder");
        Files.createDirectories(folder.resolve("locked/chela.lock"));
        refusal(folder.resolve("locked")).contains("chela.lock in it is a folder, not a file; move that folder away");
    }

    @Test
    void writesThroughNoLinkAndWaitsForNoPipe() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Files.createSymbolicLink(linked.resolve(FolderHolder.LOCK), precious);
        refusal(linked).contains("chela.lock in it is no regular file; move that away");
        assertThat(precious).hasContent("kept");
        Path piped = Files.createDirectory(folder.resolve("piped"));
        pipe(piped.resolve(FolderHolder.LOCK));
        refusal(piped).contains("chela.lock in it is no regular file");
        assertThatThrownBy(() -> FolderHolder.of(piped)).hasMessageContaining("no regular file");
        Path pipe = pipe(folder.resolve("pipe"));
        assertThatThrownBy(() -> new TokenFile(pipe).read()).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> GatewayAddress.read(pipe)).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> ConfigFile.read(pipe, Map.of(), folder)).hasMessageContaining("is no regular file");
    }

    private static Path pipe(Path place) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", place.toString()).start().waitFor())
                .isZero();
        return place;
    }

    @Test
    void isNoFolderThatIsThereForSomethingElse() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(shared.resolve("theirs"));
        refusal(shared).contains("it holds other things, and nothing of a gateway's; give it a folder of its own");
        assertThat(Files.getPosixFilePermissions(shared)).contains(PosixFilePermission.OTHERS_READ);
        assertThat(shared).isDirectoryNotContaining("glob:**chela*");
        refusal(Path.of("/proc")).contains("it holds other things");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chela.yaml", "models", ".env", "lost+found"})
    void isAFolderThatWasPreparedForIt(String name) throws Exception {
        Files.createDirectory(folder.resolve(name));
        try (var state = StateFolder.take(folder)) {
            assertThat(Files.getPosixFilePermissions(state.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void isNotTakenFromAnotherUser() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        boolean root = Files.getAttribute(theirs, "unix:uid").equals(0);
        if (!root) {
            System.out.println("SKIPPED a folder of another user: only root can make one");
        }
        assumeTrue(root);
        Files.setAttribute(theirs, "unix:uid", 65534);
        refusal(theirs).contains("it belongs to the user ").contains("start as that user, or make it this user's");
    }

    @Test
    void saysWhatIsWrongWithTheTokenInIt() throws Exception {
        try (var state = StateFolder.take(folder)) {
            Files.write(state.tokenFile(), new byte[] {(byte) 0xff, (byte) 0xfe});
            assertThatThrownBy(state::token).hasMessageContaining("it is no text; remove it");
            Files.writeString(state.tokenFile(), "\n");
            assertThatThrownBy(state::token).hasMessageContaining("is empty; remove it");
            Files.delete(state.tokenFile());
            assertThat(state.token().isNew()).isTrue();
            assertThat(state.token().isNew()).isFalse();
        }
    }

    @Test
    void keepsWhatItsLockFileHoldsWhenTheDiskIsFull() throws Exception {
        Path lock = Files.writeString(folder.resolve(FolderHolder.LOCK), "1\nws://127.0.0.1:1\n");
        try (var full = new FullDisk(FileChannel.open(lock, StandardOpenOption.WRITE))) {
            assertThatThrownBy(() -> StateFolder.write(full, "2\n")).isInstanceOf(IOException.class);
        }
        assertThat(lock).hasContent("1\nws://127.0.0.1:1\n");
        try (var file = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            StateFolder.write(file, "2\n");
        }
        assertThat(lock).hasContent("2\n");
    }

    /// A file to which nothing can be written.
    private record FullDisk(SeekableByteChannel file) implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            return file.position(position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            return file.truncate(size);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1\n", "0\n", "99999999999999999999\n", "x\nws://127.0.0.1:1", "\u0000\u001b[31m\n"})
    void isHeldByNobodyWhenItsLockFileHoldsRubbish(String rubbish) throws Exception {
        Files.writeString(folder.resolve(FolderHolder.LOCK), rubbish);
        assertThat(FolderHolder.of(folder)).isEmpty();
        StateFolder.take(folder).close();
        assertThat(FolderHolder.of(folder)).isEmpty();
    }

    @Test
    void isHeldByTheProcessThatHasItsLockFileOpenAndByNoOther() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve(FolderHolder.LOCK), innocent.pid() + "\nws://127.0.0.1:1\n");
            assertThat(FolderHolder.of(folder)).isEmpty();
        } finally {
            innocent.destroyForcibly();
        }
        try (var state = StateFolder.take(folder)) {
            FolderHolder starting = FolderHolder.of(folder).orElseThrow();
            assertThat(starting.process()).contains(ProcessHandle.current());
            assertThat(starting.address()).isEmpty();
            state.announce("ws://127.0.0.1:7", Optional.of("pin"));
            assertThat(FolderHolder.of(folder).orElseThrow().address())
                    .contains(new FolderHolder.Address("ws://127.0.0.1:7", Optional.of("pin")));
        }
    }
}
