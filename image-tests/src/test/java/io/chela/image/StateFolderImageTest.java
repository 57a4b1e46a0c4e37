package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// State folders that cannot be used: one sentence, exit 1, nothing half made.
class StateFolderImageTest {
    private static final String NOBODY = "65534";

    @TempDir
    private Path folder = Path.of("unset");

    private boolean mounted;

    private String refusal(Launch launch, Path state) throws Exception {
        Ended ended = launch.chela("gateway", "--port", "0", "--state-dir", state.toString())
                .run();
        assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("chela: ").hasLineCount(1).doesNotContain("Exception");
        return ended.err();
    }

    private String refusal(Path state) throws Exception {
        return refusal(Launch.in(folder), state);
    }

    /// A small disk at `disk`, when this machine lets us.
    private Path disk(String options) throws Exception {
        Machine.needs(Machine.isRoot(), "only root may mount a disk of its own");
        Path disk = Files.createDirectories(folder.resolve("disk"));
        int exit = mount(mounted ? "remount," + options : options, disk);
        Machine.needs(exit == 0, "this machine mounts no tmpfs");
        mounted = true;
        return disk;
    }

    private int mount(String options, Path disk) throws IOException, InterruptedException {
        return Program.in(folder, "mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString())
                .run()
                .exit();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            Program.in(folder, "umount", folder.resolve("disk").toString()).run();
        }
    }

    @Test
    void leavesNothingOnAFullDiskAndStartsOnceThereIsRoom() throws Exception {
        Path disk = disk("size=64k");
        Path state = disk.resolve("state");
        assertThat(refusal(state)).contains(state.toString(), "its disk is full", "64 KiB are free", "make room");
        assertThat(state).doesNotExist();
        disk("size=16m");
        try (Image gateway =
                Launch.in(folder).with("CHELA_STATE_DIR", state.toString()).start("{}")) {
            assertThat(gateway.stop()).isZero();
        }
    }

    @Test
    void saysThatADiskIsReadOnly() throws Exception {
        Path state = Files.createDirectories(disk("size=16m").resolve("state"));
        disk("ro");
        assertThat(refusal(state)).contains("its disk is read-only");
    }

    @Test
    void saysWhoseAFolderIs() throws Exception {
        Machine.needs(
                Machine.isRoot() && Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "only root with setpriv can be somebody else");
        Path state = Files.createDirectory(folder.resolve("roots"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launch nobody = Launch.in(folder).behind("setpriv", "--reuid=" + NOBODY, "--clear-groups");
        for (String mode : List.of("rwx------", "rwxr-xr-x")) {
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString(mode));
            assertThat(refusal(nobody, state)).contains(state + " belongs to the user root");
            assertThat(state).isEmptyDirectory();
        }
        try (Image gateway =
                Launch.in(folder).with("CHELA_STATE_DIR", state.toString()).start("{}")) {
            Ended ended = nobody.chela("gateway", "stop", "--state-dir", state.toString())
                    .run();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("cannot be read: permission denied")
                    .hasLineCount(1);
            assertThat(gateway.stop()).isZero();
        }
    }

    @Test
    void findsNoPlaceForAUserWithoutAHome() throws Exception {
        Machine.needs(
                Machine.isRoot() && Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "only root with setpriv can be somebody without a home");
        Ended ended = Program.in(
                        folder,
                        "setpriv",
                        "--reuid=54321",
                        "--clear-groups",
                        "env",
                        "-u",
                        "HOME",
                        Launch.BUILT.resolve("bin/chela").toString(),
                        "gateway")
                .run();
        assertThat(ended.err()).contains("HOME names no folder", "--state-dir").hasLineCount(1);
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void isTheSameFolderThroughALink() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (Image gateway =
                Launch.in(folder).with("CHELA_STATE_DIR", link.toString()).start("{}")) {
            assertThat(refusal(real)).contains("in use by another gateway, process " + gateway.pid());
            assertThat(Launch.in(folder)
                            .chela("gateway", "status", "--state-dir", real.toString())
                            .run()
                            .out())
                    .contains("" + gateway.pid());
        }
    }
}
