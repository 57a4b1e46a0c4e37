package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is made of a server's answer before its file comes.
class WebAnswerTest extends Downloading {
    private static final Duration SHORT = Duration.ofMillis(200);

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
}
