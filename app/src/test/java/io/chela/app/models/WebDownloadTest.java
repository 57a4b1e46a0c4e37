package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How a file comes from a server that does what a script says, in one go or several.
class WebDownloadTest extends Downloading {
    @Test
    void fetchesAFileAndShowsEveryTenPerCent() throws IOException {
        assertFetched(pull(exchange -> ScriptedFile.serve(exchange, MODEL, TAG)));
        assertThat(shown).first().asString().isEqualTo(NAME + ": " + Size.of(MODEL.length));
        assertThat(shown).hasSizeBetween(2, 11).last().asString().startsWith(NAME + ": 100%");
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
    void refusesAFileWithOtherBytesThanTheHash() throws IOException {
        byte[] other = MODEL.clone();
        other[MODEL.length - 1] = 1;
        assertFailed(
                pull(exchange -> ScriptedFile.serve(exchange, other, TAG)),
                "not what it should be (" + MODEL.length + " bytes, SHA-256 " + GgufBytes.sha256(other));
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
}
