package io.chela.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// What a whole gateway writes into the log of its state folder.
class LogOfGatewayTest {
    private static final String HELLO =
            "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir
    private Path folder = Path.of("unset");

    private Path logs() {
        return folder.resolve("state/logs");
    }

    private GatewayPair logging(String keys) throws IOException {
        return GatewayPair.with("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                logging: { %s }
                """.formatted(keys), folder);
    }

    private List<ObjectNode> lines() throws IOException {
        return Files.readAllLines(logs().resolve("chela.log")).stream()
                .map(Json::readObject)
                .toList();
    }

    private List<ObjectNode> access() throws IOException {
        return lines().stream()
                .filter(line -> line.path("logger").stringValue("").equals("io.chela.access"))
                .toList();
    }

    private static int getWithWrongToken(GatewayPair pair) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + pair.gateway().port() + "/v1/chat/completions"))
                    .header("Authorization", "Bearer wrong")
                    .POST(HttpRequest.BodyPublishers.ofString(HELLO))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void saysOfAnHttpRequestWhatAnOperatorAsks() throws Exception {
        try (var upstream = ScriptedUpstream.saying("Hel", "lo");
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            pair.chat(HELLO, "x-openclaw-session-key", "trip", "x-request-id", "req-1");
        }
        assertThat(access()).singleElement().satisfies(line -> {
            assertThat(line.path("time").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(line.path("level").stringValue()).isEqualTo("INFO");
            assertThat(line.path("id").stringValue()).isEqualTo("req-1");
            assertThat(line.path("run").stringValue()).hasSize(36);
            assertThat(line.path("principal").stringValue()).isEqualTo("operator");
            assertThat(line.path("agent").stringValue()).isEqualTo("main");
            assertThat(line.path("session").stringValue()).matches("[0-9a-f]{12}");
            assertThat(line.path("method").stringValue()).isEqualTo("POST");
            assertThat(line.path("path").stringValue()).isEqualTo("/v1/chat/completions");
            assertThat(line.path("status").intValue()).isEqualTo(200);
            assertThat(line.path("bytes").intValue()).isPositive();
            assertThat(line.path("ms").longValue())
                    .isGreaterThanOrEqualTo(line.path("firstTokenMs").longValue());
            assertThat(line.path("firstTokenMs").isIntegralNumber()).isTrue();
            assertThat(line.path("tokensIn").intValue()).isEqualTo(11);
            assertThat(line.path("tokensOut").intValue()).isEqualTo(2);
            assertThat(line.path("outcome").stringValue()).isEqualTo("completed");
        });
    }

    @Test
    void saysTheSameOfAWebSocketsRun() throws Exception {
        try (var upstream = ScriptedUpstream.saying("Hel", "lo");
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            AgentCommand.ask(
                    pair.address(),
                    Json.object()
                            .put("message", "hi")
                            .put("idempotencyKey", "run-1")
                            .put("sessionKey", "trip"));
            pair.chat(HELLO, "x-openclaw-session-key", "trip");
        }
        var byWs = access().stream()
                .filter(line -> line.path("method").stringValue().equals("agent"))
                .findFirst()
                .orElseThrow();
        assertThat(byWs.path("run").stringValue()).isEqualTo("run-1");
        assertThat(byWs.path("principal").stringValue()).isEqualTo("operator");
        assertThat(byWs.path("tokensOut").intValue()).isEqualTo(2);
        assertThat(byWs.path("ms").isIntegralNumber()).isTrue();
        assertThat(byWs.path("outcome").stringValue()).isEqualTo("completed");
        assertThat(access().stream().filter(line -> line.has("session")).map(line -> line.path("session")))
                .hasSize(2)
                .allMatch(byWs.path("session")::equals);
    }

    @Test
    void isForItsOwnerAloneAndGoesOnAfterARestart() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (var pair = logging("")) {
                pair.chat(HELLO);
            }
        }
        assertThat(access()).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs().resolve("chela.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void losesNoLineAtAnOrderlyStop() throws Exception {
        int requests = 50;
        try (var pair = logging("")) {
            for (int i = 0; i < requests; i++) {
                pair.get("/health");
            }
        }
        assertThat(access()).hasSize(requests);
    }

    @Test
    void rotatesAtTheConfiguredSize() throws Exception {
        try (var pair = logging("maxFileBytes: 4096, format: text")) {
            for (int i = 0; i < 200; i++) {
                pair.get("/health");
            }
        }
        try (Stream<Path> files = Files.list(logs())) {
            assertThat(files.toList())
                    .hasSize(LogFile.FILES)
                    .allSatisfy(file ->
                            assertThat(file).content().hasSizeBetween(1, 4096).contains(" INFO io.chela.access id="));
        }
    }

    @Test
    void servesOnWhenTheFileCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(logs(), "a file where the folder should be");
        try (var pair = logging("")) {
            assertThat(pair.chat(HELLO).statusCode()).isEqualTo(200);
        }
        assertThat(logs()).isRegularFile();
    }

    @Test
    void writesNoFileWhenItIsSwitchedOffAndNoRequestsWithoutAccess() throws Exception {
        try (var pair = logging("file: none")) {
            pair.chat(HELLO);
        }
        assertThat(logs()).doesNotExist();
        try (var pair = logging("access: false")) {
            pair.chat(HELLO);
            getWithWrongToken(pair);
        }
        assertThat(access()).isEmpty();
        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line.path("status").intValue()).isEqualTo(401));
    }

    @Test
    void countsAFloodOfBadTokensAndSaysItOnceASecond() throws Exception {
        int attempts = 9; // one more would have the address limited
        long start = System.nanoTime();
        try (var pair = logging("")) {
            for (int i = 0; i < attempts; i++) {
                assertThat(getWithWrongToken(pair)).isEqualTo(401);
            }
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
        long whole = lines().stream().filter(line -> line.has("status")).count();
        List<ObjectNode> sums =
                lines().stream().filter(line -> line.has("flood")).toList();
        assertThat(whole
                        + sums.stream()
                                .mapToLong(line -> line.path("more").longValue())
                                .sum())
                .isEqualTo(attempts);
        assertThat(whole + sums.size()).isLessThanOrEqualTo(2 * seconds + 2);
        assertThat(sums)
                .isNotEmpty()
                .allMatch(sum -> sum.path("flood").stringValue().equals("unauthenticated"));
    }

    @Test
    void tellsThatAProviderFailedWithoutItsWords() throws Exception {
        try (var upstream = ScriptedUpstream.answering(
                        exchange -> exchange.json(400, "{\"error\":{\"message\":\"you said: my diary\"}}"));
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            for (int i = 0; i < 3; i++) {
                assertThat(pair.chat(HELLO).statusCode()).isEqualTo(400);
            }
        }
        assertThat(lines().stream().filter(line -> line.has("failure"))).first().satisfies(line -> {
            assertThat(line.path("level").stringValue()).isEqualTo("WARN");
            assertThat(line.path("provider").stringValue()).isEqualTo("home");
            assertThat(line.path("kind").stringValue()).isEqualTo("rejected");
            assertThat(line.path("upstreamStatus").intValue()).isEqualTo(400);
        });
        assertThat(Files.readString(logs().resolve("chela.log"))).doesNotContain("diary");
    }

    @Test
    void tellsAFailureOfAnotherKindDuringAFlood() throws Exception {
        var status = new AtomicInteger(429);
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(status.get(), "{}"));
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            for (int i = 0; i < 5; i++) {
                pair.chat(HELLO);
            }
            status.set(401);
            pair.chat(HELLO);
        }
        assertThat(lines().stream().filter(line -> line.has("failure")))
                .extracting(line -> line.path("upstreamStatus").intValue())
                .contains(429, 401);
        assertThat(lines().stream().filter(line -> line.has("flood")))
                .extracting(line -> line.path("flood").stringValue())
                .contains("upstream home rate_limited 429");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "no_http, garbage~",
                "redirect, HTTP/1.1 301 Moved~Location: /x~Content-Length: 0~~",
                "encoding, HTTP/1.1 200 OK~Content-Encoding: gzip~Content-Length: 3~~abc",
                "no_stream, HTTP/1.1 200 OK~Content-Type: text/html~Content-Length: 6~~<html>",
                "no_json, HTTP/1.1 200 OK~Content-Type: text/event-stream~Content-Length: 12~~data: diary~~",
                "empty, HTTP/1.1 200 OK~Content-Type: text/event-stream~Content-Length: 14~~data: [DONE]~~"
            })
    void tellsWhatWasWrongWithAProvidersAnswer(String fault, String wire) throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.raw(wire.replace("~", "\r\n")));
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            assertThat(pair.chat(HELLO).statusCode()).isEqualTo(502);
        }
        assertThat(lines().stream().filter(line -> line.has("failure")))
                .singleElement()
                .satisfies(line -> assertThat(line.path("fault").stringValue()).isEqualTo(fault));
        assertThat(Files.readString(logs().resolve("chela.log"))).doesNotContain("diary");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsNoAnswerForACallerWhoLeftBeforeIt(boolean stream) throws Exception {
        var asked = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    asked.countDown();
                    exchange.hang();
                });
                var pair = GatewayPair.asking(upstream.baseUrl(), folder)) {
            String body = HELLO.replace("\"messages\"", "\"stream\":" + stream + ",\"messages\"");
            try (var socket =
                    new Socket(InetAddress.getLoopbackAddress(), pair.gateway().port())) {
                String request =
                        """
                        POST /v1/chat/completions HTTP/1.1\r
                        Host: 127.0.0.1\r
                        Authorization: Bearer %s\r
                        Content-Length: %d\r
                        \r
                        %s""".formatted(pair.address().token().orElseThrow().reveal(), body.length(), body);
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
        assertThat(access()).singleElement().satisfies(line -> {
            assertThat(line.path("status").intValue(-1)).isZero();
            assertThat(line.path("bytes").intValue(-1)).isZero();
            assertThat(line.path("outcome").stringValue()).isEqualTo("cancelled");
        });
    }

    @Test
    void saysWhichLimitWasHit() throws Exception {
        var asked = new Semaphore(0);
        var finish = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.answering(exchange -> {
                    asked.release();
                    finish.await();
                    exchange.say("fine");
                });
                var pair = GatewayPair.with("""
                        gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                        agents: { defaults: { model: home/m } }
                        models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                        limits: { concurrentTurns: 2, waitingPerSession: 0 }
                        """.formatted(upstream.baseUrl()), folder);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            String[] inSession = {"x-openclaw-session-key", "trip"};
            var _ = callers.submit(() -> pair.chat(HELLO, inSession));
            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(pair.chat(HELLO, inSession).statusCode()).isEqualTo(429);
            var _ = callers.submit(() -> pair.chat(HELLO));
            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            assertThat(pair.chat(HELLO).statusCode()).isEqualTo(503);
            finish.countDown();
        }
        assertThat(access())
                .extracting(
                        line -> line.path("status").intValue(),
                        line -> line.path("why").stringValue(""))
                .containsExactly(
                        tuple(429, "limits.waitingPerSession"),
                        tuple(503, "limits.concurrentTurns"),
                        tuple(200, ""),
                        tuple(200, ""));
    }
}
