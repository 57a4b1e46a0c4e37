package io.chela.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Examples are other people's projects: no part of this build, and built against the published API alone.
final class ExamplesTest {
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>.*?<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>",
            Pattern.DOTALL);
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>chela</artifactId>\\s*<version>([^<]+)</version>");

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(Repository.root().resolve("examples"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .toList();
        }
    }

    private static String ourVersion() throws IOException {
        var version = VERSION.matcher(Files.readString(Repository.root().resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    @Test
    void anExampleDependsOnThePublishedApiOfThisVersionAlone() throws IOException {
        assertThat(examples()).isNotEmpty();
        for (Path example : examples()) {
            String pom = Files.readString(example.resolve("pom.xml"));
            assertThat(pom).doesNotContain("<parent>");
            assertThat(DEPENDENCY.matcher(pom).results().map(it -> it.group(1) + ":" + it.group(2) + ":" + it.group(3)))
                    .containsExactly("io.chela:chela-api:" + ourVersion());
        }
    }

    @Test
    void noExampleIsPartOfThisBuild() throws IOException {
        assertThat(Files.readString(Repository.root().resolve("pom.xml"))).doesNotContain("examples/");
    }

    @Test
    void thePageNamesFilesOfThisVersion() throws IOException {
        assertThat(Files.readString(Repository.root().resolve("docs/extending.md")))
                .contains("chela-" + ourVersion() + "-", "chela-api-" + ourVersion() + ".jar");
    }
}
