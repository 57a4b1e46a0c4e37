package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each key of `limits` in a whole gateway: what a caller gets beyond it.
class LimitsTest {
    private static final String CHAT = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

    @TempDir
    private Path folder = Path.of("unset");

    private GatewayPair limited(String limits, ScriptedUpstream upstream) throws IOException {
        return GatewayPair.with("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents: { defaults: { model: home/m }, list: [ { id: main } ] }
                models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                limits: { %s }
                """.formatted(upstream.baseUrl(), limits), folder);
    }

    private static CompletableFuture<HttpResponse<String>> start(GatewayPair pair, String text, String... headers) {
        return CompletableFuture.supplyAsync(
                () -> ask(pair, CHAT.formatted(text), headers),
                task -> Thread.ofVirtual().start(task));
    }

    private static HttpResponse<String> ask(GatewayPair pair, String body, String... headers) {
        try {
            return pair.chat(body, headers);
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private static String error(HttpResponse<String> answer) {
        return Json.readObject(answer.body()).at("/error/message").stringValue();
    }

    private static void await(ScriptedUpstream upstream, int requests) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (upstream.requests().size() < requests && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(upstream.requests()).hasSize(requests);
    }

    @Test
    void bodyBytes_aLargerBodyIs413() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = limited("bodyBytes: 1000", upstream)) {
            assertThat(pair.chat(CHAT.formatted("short")).statusCode()).isEqualTo(200);
            var refused = pair.chat(CHAT.formatted("x".repeat(1_000)));
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(error(refused)).contains("1000 bytes");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void concurrentTurns_oneMoreIs503WithRetryAfter_andOneWhenARunHasEndedIsTaken() throws Exception {
        var finish = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    finish.await();
                    exchange.say("fine");
                });
                var pair = limited("concurrentTurns: 2", upstream)) {
            var first = start(pair, "one");
            var second = start(pair, "two");
            await(upstream, 2);
            var refused = pair.chat(CHAT.formatted("three"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(error(refused)).contains("2 turns");
            finish.countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            assertThat(pair.chat(CHAT.formatted("four")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void waitingPerSession_oneMoreIs429WithRetryAfterAndTheLengthOfTheQueue() throws Exception {
        var finish = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    finish.await();
                    exchange.say("fine");
                });
                var pair = limited("waitingPerSession: 1", upstream)) {
            var running = start(pair, "one", "x-openclaw-session-key", "s");
            await(upstream, 1);
            var second = start(pair, "two", "x-openclaw-session-key", "s");
            var third = start(pair, "three", "x-openclaw-session-key", "s");
            CompletableFuture.anyOf(second, third)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            var refused = (second.isDone() ? second : third).join();
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(error(refused)).contains("1 turns wait");
            finish.countDown();
            assertThat(running.join().statusCode()).isEqualTo(200);
            second.join();
            third.join();
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void runSeconds_aLongerRunIs504_orTheErrorInItsStream() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    if (exchange.request().body().contains("begin")) {
                        exchange.stream();
                        exchange.text("a");
                    }
                    exchange.hang();
                });
                var pair = limited("runSeconds: 1", upstream)) {
            var late = pair.chat(CHAT.formatted("silence"));
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(error(late)).contains("took too long");
            var stream = pair.chat(CHAT.formatted("begin").replace("{\"model\"", "{\"stream\":true,\"model\""));
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body())
                    .contains("\"content\":\"a\"", "took too long")
                    .endsWith("data: [DONE]\n\n");
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void connections_oneMoreIs503AndClosed() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = limited("connections: 3", upstream)) {
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    open.add(new Socket(
                            InetAddress.getLoopbackAddress(), pair.gateway().port()));
                }
                String last = "";
                long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                while (!last.startsWith("HTTP/1.1 503") && System.nanoTime() < until) {
                    var one = new Socket(
                            InetAddress.getLoopbackAddress(), pair.gateway().port());
                    open.add(one);
                    last = readUnlessSilent(one);
                }
                assertThat(last).startsWith("HTTP/1.1 503").contains("Too many connections");
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }

    /// A connection counts from the moment its thread runs: the first few may come in together.
    private static String readUnlessSilent(Socket socket) throws IOException {
        socket.setSoTimeout(500);
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketTimeoutException _) {
            return "";
        }
    }

    @Test
    void bufferedBytes_largeBodiesAtOnceAreSomeTakenAndSomeBusy_andTheNextSmallOneIsServed() throws Exception {
        try (var upstream = ScriptedUpstream.saying("fine");
                var pair = limited("bufferedBytes: 16777216", upstream)) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(start(pair, "x".repeat(3_000_000)));
            }
            var statuses = calls.stream()
                    // A caller that is still sending when it is refused may see the connection's end alone.
                    .map(call -> call.handle((answer, failed) -> failed == null ? answer.statusCode() : 503))
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(statuses).contains(200).containsOnly(200, 503);
            assertThat(pair.chat(CHAT.formatted("small")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aValueOutOfRangeIsAMistakeThatNamesItsKey() {
        try (var upstream = ScriptedUpstream.saying("fine")) {
            assertThatThrownBy(() -> limited("bodyBytes: 0, runSeconds: never, eventReaders: -1", upstream))
                    .isInstanceOfSatisfying(
                            UsageException.class,
                            refused -> assertThat(refused.text())
                                    .contains("limits.bodyBytes", "limits.runSeconds", "limits.eventReaders"));
        }
    }
}
