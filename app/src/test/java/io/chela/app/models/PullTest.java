package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a download finds in its folder and on its disk, and leaves there.
class PullTest extends Downloading {
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

    @Test
    void makesAFolderThatIsMissing() {
        Path missing = folder.resolve("a/b");
        try (var server = ScriptedUpstream.answering(exchange -> ScriptedFile.serve(exchange, MODEL, TAG))) {
            var wanted = FileName.of(ScriptedFile.url(server, "/" + NAME), GgufBytes.sha256(MODEL));
            assertThat(pull(wanted, PATIENCE, missing)).isEqualTo(new Pulled.Ready(missing.resolve(NAME), false));
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
    void writesThroughNoLink() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        Files.createSymbolicLink(folder.resolve(NAME + ".part"), precious);
        assertFailed(pull(exchange -> ScriptedFile.serve(exchange, MODEL, TAG)), ".part is no regular file: remove it");
        assertThat(precious).hasContent("kept");
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
}
