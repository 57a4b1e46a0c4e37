package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `chela models` as a program of its own.
class ModelsImageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOBODY = "65534";

    /// Begins as a model file does.
    private static final byte[] FILE = Arrays.copyOf("GGUF".getBytes(StandardCharsets.US_ASCII), 1_000_000);

    private static final int HALF = 600_000;

    @TempDir
    private Path folder = Path.of("unset");

    private Path models() {
        return folder.resolve("state/models");
    }

    private Program pull(Launch launch, ScriptedUpstream server) throws Exception {
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(FILE));
        return launch.chela("models", "pull", server.baseUrl() + "/some.gguf", "--sha256", hash);
    }

    private static void head(Exchange exchange, String status, int length, String more) throws IOException {
        exchange.raw("HTTP/1.1 " + status + "\r\nETag: \"a\"\r\nContent-Length: " + length + "\r\n" + more + "\r\n");
    }

    @Test
    void goesOnWhereItWasKilled() throws Exception {
        var half = new CountDownLatch(1);
        try (var server = ScriptedUpstream.answering(exchange -> {
            if (exchange.request().headers().containsKey("range")) {
                int rest = FILE.length - HALF;
                head(
                        exchange,
                        "206 Part",
                        rest,
                        "Content-Range: bytes " + HALF + "-" + (FILE.length - 1) + "/" + FILE.length + "\r\n");
                exchange.raw(Arrays.copyOfRange(FILE, HALF, FILE.length));
            } else {
                head(exchange, "200 OK", FILE.length, "");
                exchange.raw(Arrays.copyOf(FILE, HALF));
                half.countDown();
                exchange.hang();
            }
        })) {
            Launch launch = Launch.in(folder);
            Process first = pull(launch, server).start(folder.resolve("out"), folder.resolve("err"));
            half.await();
            Path part = models().resolve("some.gguf.part");
            Patience.until(
                    PATIENCE,
                    () -> Patience.read(folder.resolve("err")),
                    () -> Files.exists(part) && size(part) == HALF);
            Program.kill(first);
            first.onExit().join();
            assertThat(models().resolve("some.gguf")).doesNotExist();

            Ended second = pull(launch, server).run();
            assertThat(second.exit()).as(second.err()).isZero();
            assertThat(second.out()).contains("going on at 600.0 KB of 1.0 MB", "fetched ", "local/some");
            assertThat(models().resolve("some.gguf")).hasBinaryContent(FILE);
            assertThat(models().resolve("some.gguf.part")).doesNotExist();
            assertThat(server.requests().getLast().headers())
                    .containsEntry("range", "bytes=" + HALF + "-")
                    .containsEntry("if-range", "\"a\"");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return -1;
        }
    }

    @Test
    void saysInOneSentenceThatItsFolderIsReadOnly() throws Exception {
        Files.createDirectories(models());
        Launch launch = Launch.in(folder);
        if (Machine.isRoot()) {
            Machine.needs(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root without setpriv can write everywhere");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            launch = launch.behind("setpriv", "--reuid=" + NOBODY, "--clear-groups");
        } else {
            Files.setPosixFilePermissions(models(), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        try (var server = ScriptedUpstream.saying()) {
            Ended ended = pull(launch, server).run();
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err().strip())
                    .startsWith("chela: some.gguf is not available: it cannot be written to " + models())
                    .contains("permission denied", "CHELA_MODELS_DIR")
                    .hasLineCount(1);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void listsTheCatalogueOfTheImage() throws Exception {
        Ended ended = Launch.in(folder).chela("models", "list").run();
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).containsPattern("catalogue +smollm2 +absent +98.4 MB +chela models pull smollm2");
        assertThat(models()).doesNotExist();
    }

    @Test
    void namesAStarterThatTheCatalogueDoesNotHave() throws Exception {
        Ended ended = Launch.in(folder).gateway("models: { starter: gpt-5 }").run();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("models.starter: there is no starter 'gpt-5', only smollm2");
    }
}
