package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./chela` and `./mvnw` of a clone on a machine without a JDK 25.
class NoJdkTest {
    private static final Path REPOSITORY = Launch.BUILT.resolve("../../..").normalize();

    @TempDir
    private Path folder = Path.of("unset");

    private void copy(String file) throws Exception {
        Files.createDirectories(folder.resolve(".mvn"));
        Files.copy(REPOSITORY.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void saysInOneSentenceWhatToInstall() throws Exception {
        Machine.needs(
                Machine.isRoot() && Files.isExecutable(Path.of("/usr/bin/unshare")),
                "only root with unshare can hide the JDKs of this machine");
        for (String file : List.of("chela", "mvnw", ".mvn/find-jdk.sh", "pom.xml")) {
            copy(file);
        }
        for (String command : List.of("./chela gateway", "JAVA_HOME=/usr ./chela agent", "./mvnw verify")) {
            Ended ended = Program.in(
                            folder,
                            "/usr/bin/unshare",
                            "--mount",
                            "sh",
                            "-c",
                            "mount -t tmpfs tmpfs /usr/lib/jvm && " + command)
                    .run();
            assertThat(ended.err())
                    .startsWith("chela: building needs a JDK 25: install one")
                    .hasLineCount(1);
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
        }
        assertThat(folder.resolve("jlink")).doesNotExist();
    }
}
