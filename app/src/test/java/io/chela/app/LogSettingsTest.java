package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `chela config check` says of `logging.file`.
class LogSettingsTest {
    @TempDir
    private Path folder = Path.of("unset");

    private List<String> mistakes(Path file) throws IOException {
        Path config = Files.writeString(
                folder.resolve("c.yaml"), "logging: { file: " + file + " }\nmodels: { autodetect: false }\n");
        var source =
                new Reading.Source(GatewayPair.options(config, folder), Map.of(), Extensions.load(Optional.empty()));
        return ConfigCheck.of(source).mistakes();
    }

    private void isRefused(Path file) throws IOException {
        assertThat(mistakes(file))
                .as("%s", file)
                .singleElement()
                .asString()
                .startsWith(
                        "logging.file: '" + file + "' is no regular file, but a folder, a link, a pipe or a device;")
                .endsWith("line 1, column 12)");
    }

    @Test
    void refusesADeviceALinkAndAFolderForAFile() throws IOException {
        Path theirs = Files.createFile(folder.resolve("theirs"));
        isRefused(Path.of("/dev/null"));
        isRefused(Path.of("/dev/stdout"));
        isRefused(folder);
        isRefused(Files.createSymbolicLink(folder.resolve("link"), theirs));
        isRefused(Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("missing")));
    }

    @Test
    void refusesAPipeInTheStateFolderToo() throws Exception {
        Path pipe = Files.createDirectory(folder.resolve("state")).resolve("pipe.log");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        isRefused(Path.of("pipe.log"));
    }

    @Test
    void takesAFileAndWhatIsNotThereYet() throws IOException {
        assertThat(mistakes(Files.createFile(folder.resolve("theirs")))).isEmpty();
        assertThat(mistakes(folder.resolve("new/chela.log"))).isEmpty();
        assertThat(mistakes(Path.of("none"))).isEmpty();
    }
}
