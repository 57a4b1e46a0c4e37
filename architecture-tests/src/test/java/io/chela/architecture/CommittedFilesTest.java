package io.chela.architecture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is committed names no machine: everybody's checkout lies elsewhere, and has its own mirrors.
final class CommittedFilesTest {
    // Both are put together here, so that this file does not find itself.
    private static final String MACHINE_FOLDER = "/" + "work/";
    private static final String CENTRAL = "https:" + "//repo.maven.apache.org";

    /// A URL of something that serves packages, by its host's name or by its path.
    private static final Pattern REGISTRY = Pattern.compile(
            "https?://(?:[\\w.-]*(?:artifact|nexus|registry|mirror|repo\\d?\\.|pypi|crates)[\\w.-]*"
                    + "|[\\w.:-]+/[\\w./-]*(?:maven2|artifactory|repository|simple|npm)\\b)",
            Pattern.CASE_INSENSITIVE);

    private static final String WRAPPER = ".mvn/wrapper/maven-wrapper.properties";
    private static final int LEAST_FILES = 200;

    @BeforeAll
    static void inACheckout() {
        assumeTrue(
                Files.exists(Repository.root().resolve(".git")),
                "skipped: no .git here, so nothing says what is committed");
    }

    @Test
    void noCommittedFileNamesAFolderOfOneMachine() throws IOException, InterruptedException {
        assertThat(committed())
                .hasSizeGreaterThan(LEAST_FILES)
                .noneMatch(file -> content(file).contains(MACHINE_FOLDER));
    }

    @Test
    void noCommittedFileNamesARegistryButTheWrapper() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (String file : committed()) {
            REGISTRY.matcher(content(file)).results().forEach(url -> found.add(file + " " + url.group()));
        }

        assertThat(found).containsExactly(WRAPPER + " " + CENTRAL);
    }

    @Test
    void knowsARegistryWhenItSeesOne() {
        String scheme = "https" + "://";
        assertThat(Stream.of("nexus.example.org/x", "registry.npmjs.org", "example.org:8081/a/simple/", "repo1.x.org"))
                .allMatch(url -> REGISTRY.matcher(scheme + url).find());
        assertThat(Stream.of("maven.apache.org/POM/4.0.0", "example.org/v1", "127.0.0.1:8080/v1"))
                .noneMatch(url -> REGISTRY.matcher(scheme + url).find());
    }

    private static List<String> committed() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", "-z")
                .directory(Repository.root().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), UTF_8);
        assertThat(git.waitFor()).as("exit of git ls-files").isZero();
        return Stream.of(names.split("\0"))
                .filter(name -> Files.isRegularFile(Repository.root().resolve(name)))
                .toList();
    }

    /// The bytes as characters, one each: a binary file is searched like any other.
    private static String content(String file) {
        try {
            return Files.readString(Path.of(Repository.root().toString(), file), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
