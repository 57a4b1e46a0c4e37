package io.chela.model.openai;

import static io.chela.model.openai.Asked.model;
import static io.chela.model.openai.Asked.prompt;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// "Bad input from models": what a server may send over its socket, and what becomes of it.
@Timeout(60)
class HostileUpstreamTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String STOP = event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
    private static final String DONE = "data: [DONE]\n\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n";
    private static final Duration TICK = Duration.ofMillis(50);

    /// As in the gateway: an interrupt closes the socket of a virtual thread alone.
    private static <T> T virtually(Callable<T> call) throws Exception {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task.get(30, TimeUnit.SECONDS);
    }

    private static List<ModelEvent> events(Model model) throws Exception {
        return virtually(() -> Asked.events(model));
    }

    private static Problem.Upstream failure(Model model) throws Exception {
        return virtually(() -> Asked.failure(model));
    }

    private static Throwable thrown(ModelReply reply) throws Exception {
        return virtually(() -> catchThrowable(() -> reply.iterator().hasNext()));
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static String text(String text) {
        return event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}");
    }

    /// A stream of a stated length; characters are bytes.
    private static String sse(String... events) {
        String body = String.join("", events);
        return OK + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private static ScriptedUpstream sending(String wire) {
        return ScriptedUpstream.answering(exchange -> exchange.raw(wire));
    }

    static List<Arguments> faults() {
        String mebibytes = "x".repeat(10 * 1024 * 1024);
        return List.of(
                Arguments.of("no status line", "garbage\r\n\r\n", "something that is no HTTP"),
                Arguments.of("another protocol", "ICY 200 OK\r\n\r\n", "something that is no HTTP"),
                Arguments.of("a status line without end", "HTTP/1.1 200 " + "O".repeat(10_000), "no HTTP"),
                Arguments.of("lines that end with LF alone", sse(STOP).replace("\r", ""), "no HTTP"),
                Arguments.of(
                        "another protocol's answer", "HTTP/1.1 101 Switching\r\n\r\n" + sse(STOP), "rules of HTTP"),
                Arguments.of("nine interim answers", HINT.repeat(9) + sse(text("a"), STOP), "rules of HTTP"),
                Arguments.of("an interim answer alone", HINT + "garbage\r\n\r\n", "no HTTP"),
                Arguments.of("two lengths", OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + STOP, "HTTP"),
                Arguments.of("a negative length", OK + "Content-Length: -5\r\n\r\n" + STOP, "HTTP"),
                Arguments.of("a length in words", OK + "Content-Length: many\r\n\r\n" + STOP, "HTTP"),
                Arguments.of(
                        "a length and chunks",
                        OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(STOP),
                        "rules of HTTP"),
                Arguments.of(
                        "a coding before the chunks", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n", "rules of HTTP"),
                Arguments.of("a chunk size in words", CHUNKED + "many\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a negative chunk size", CHUNKED + "-5\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a chunk that is longer than it says", CHUNKED + "5\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a chunk extension without end", CHUNKED + "5;" + "x".repeat(5_000), "rules of HTTP"),
                Arguments.of("trailers without end", CHUNKED + "0\r\n" + "x: y\r\n".repeat(5_000), "rules of HTTP"),
                Arguments.of(
                        "a length that is too short",
                        OK + "Content-Length: 20\r\n\r\n" + text("a") + STOP,
                        "no JSON object"),
                Arguments.of(
                        "gzip although not asked",
                        sse(STOP).replace(OK, OK + "Content-Encoding: gzip\r\n"),
                        "'gzip', which"),
                Arguments.of("an event line of 10 MiB", sse(event(mebibytes)), "more than 1048576 bytes"),
                Arguments.of(
                        "an event line of 10 MiB in one chunk", CHUNKED + chunk(mebibytes), "more than 1048576 bytes"),
                Arguments.of("a chunk of 1 GiB", CHUNKED + "40000000\r\n" + mebibytes, "more than 1048576 bytes"),
                Arguments.of("a chunk of more than an int", CHUNKED + "100000000\r\n" + mebibytes, "1048576 bytes"),
                Arguments.of("nothing", sse(), "before it began"),
                Arguments.of("nothing, in chunks", CHUNKED + "0\r\n\r\n", "before it began"),
                Arguments.of("nothing, without a type", "HTTP/1.1 204 No Content\r\n\r\n", "where an event stream"),
                Arguments.of("a line that is no field", sse("<html>\n\n"), "before it began"),
                Arguments.of("comments only", sse(": working\n\n".repeat(1_000)), "before it began"),
                Arguments.of(
                        "a thought and [DONE]",
                        sse(event("{\"choices\":[{\"delta\":{\"x\":\"hm\"}}]}"), DONE),
                        "before it"),
                Arguments.of(
                        "an empty whole answer", sse(event("{\"choices\":[{\"message\":{}}]}")), "before it began"),
                Arguments.of("no choices", sse(event("{}"), event("{\"choices\":[]}"), DONE), "before it began"),
                Arguments.of(
                        "choices that are no array", sse(event("{\"choices\":{\"0\":1}}"), DONE), "before it began"),
                Arguments.of(
                        "only a second choice",
                        sse(text("a").replace("\"index\":0", "\"index\":1"), DONE),
                        "before it began"),
                Arguments.of("an event that is an array", sse(event("[1]")), "no JSON object"),
                Arguments.of("an event that is a text", sse(event("Internal Server Error")), "no JSON object"),
                Arguments.of("a NUL in a text", sse(text("\0")), "no JSON object"),
                Arguments.of("two byte order marks", sse(text("a"), event(bytes("\uFEFF\uFEFF{}"))), "no JSON object"),
                Arguments.of("10,000 levels", sse(event("{\"a\":" + "[".repeat(10_000))), "more than 512 levels"),
                Arguments.of("1,000,000 digits", sse(event("{\"a\":" + "1".repeat(1_000_000) + "}")), "1000 digits"),
                Arguments.of("the same member twice", sse(event("{\"a\":1,\"a\":2}")), "no JSON object"),
                Arguments.of("an error", sse(text("a"), event("{\"error\":\"no memory\"}"), DONE), "no memory"),
                Arguments.of("the reason error", sse(text("a"), STOP.replace("stop", "error"), DONE), "with an error"),
                Arguments.of(
                        "a reason for tools it does not call", sse(STOP.replace("stop", "tool_calls")), "called none"),
                Arguments.of(
                        "a tool call without a name", sse(tool("{\"index\":0,\"id\":\"c\"}"), STOP, DONE), "its name"),
                Arguments.of(
                        "a tool call whose fragments change their index",
                        sse(
                                tool("{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"),
                                tool("{\"index\":1,\"function\":{\"arguments\":\"}\"}}"),
                                STOP),
                        "its name"),
                Arguments.of(
                        "a tool call that never finishes",
                        sse(tool("{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}")),
                        "broke off in mid-answer"));
    }

    private static String tool(String fragment) {
        return event("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + fragment + "]}}]}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void becomesOneErrorThatNamesTheProviderAndTheFault(String name, String wire, String words) throws Exception {
        try (var upstream = sending(wire)) {
            Model model = model(upstream, "apiKey", "sk-secret");
            for (int i = 1; i <= 2; i++) {
                Problem.Upstream problem = failure(model);
                assertThat(problem.message())
                        .as(name)
                        .startsWith("The model provider 'home' at 127.0.0.1:")
                        .contains(words)
                        .doesNotContain("sk-secret", "Jackson", "Exception")
                        .hasSizeLessThan(400);
                assertThat(problem.kind()).isEqualTo(Kind.BROKEN);
                assertThat(upstream.requests()).hasSize(i);
            }
            leavesOpenOneConnectionAtMost(upstream);
        }
    }

    private static void leavesOpenOneConnectionAtMost(ScriptedUpstream upstream) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (upstream.connections() > 1 && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(upstream.connections()).isLessThanOrEqualTo(1);
    }

    @Test
    void an_endless_header_becomes_an_error() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(OK);
            exchange.forEver("X-More: " + "x".repeat(100) + "\r\n", Duration.ZERO);
        })) {
            assertThat(failure(model(upstream)).message()).contains("16 KiB");
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void an_answer_that_ends_before_its_stated_length_becomes_an_error() throws Exception {
        for (String wire : List.of(
                OK + "Content-Length: 5000\r\n\r\n" + text("a"),
                CHUNKED + "5000\r\n" + text("a"),
                CHUNKED,
                OK,
                "HT",
                "")) {
            try (var upstream = ScriptedUpstream.answering(exchange -> {
                exchange.raw(wire);
                exchange.cut();
            })) {
                Problem.Upstream problem = failure(model(upstream));
                assertThat(problem.message()).as(wire).contains("closed the connection before its answer was whole");
                assertThat(problem.kind()).isEqualTo(Kind.BROKEN);
            }
        }
    }

    @Test
    void a_header_that_cannot_be_shown_is_not() throws Exception {
        String wire = "HTTP/1.1 200 OK\r\nContent-Type: \u001b[31m" + "sk-secret".repeat(500)
                + "\r\nContent-Length: 1\r\n\r\nx";
        try (var upstream = sending(wire)) {
            assertThat(failure(model(upstream, "apiKey", "sk-secret")).message())
                    .doesNotContain("sk-secret", "\u001b")
                    .hasSizeLessThan(300);
        }
    }

    static List<Arguments> answers() {
        return List.of(
                Arguments.of(
                        "CR alone as a line's end", sse(text("a").replace('\n', '\r'), STOP.replace('\n', '\r')), "a"),
                Arguments.of("comments between", sse(": hm\n", text("a"), ": hm\n\n", text("b"), STOP, DONE), "ab"),
                Arguments.of("eight interim answers", CONTINUE + HINT.repeat(7) + sse(text("a"), STOP, DONE), "a"),
                Arguments.of("unknown fields", sse("id: 1\nretry: 9\nx\n:\n", text("a"), STOP), "a"),
                Arguments.of(
                        "unknown members",
                        sse(event("{\"x\":{},\"choices\":[{\"y\":[],\"delta\":{\"content\":\"a\"}}]}"), STOP),
                        "a"),
                Arguments.of(
                        "a role flip",
                        sse(text("a"), event("{\"choices\":[{\"delta\":{\"role\":\"user\"}}]}"), STOP),
                        "a"),
                Arguments.of("[DONE] and then more", sse(text("a"), STOP, DONE, text("b"), "data: {broken\n\n"), "a"),
                Arguments.of("a second reason", sse(text("a"), STOP, STOP.replace("stop", "length"), DONE), "a"),
                Arguments.of("a text after the reason", sse(text("a"), STOP, text("b"), DONE), "ab"),
                Arguments.of("no blank line at the end", sse(text("a"), STOP.strip()), "a"),
                Arguments.of("no reason", sse(text("a"), DONE), "a"),
                Arguments.of("a reason of another type", sse(text("a"), STOP.replace("\"stop\"", "[7]"), DONE), "a"),
                Arguments.of("a reason that is no word", sse(text("a"), STOP.replace("stop", "\\n x"), DONE), "a"),
                Arguments.of(
                        "another choice", sse(text("a"), text("b").replace("\"index\":0", "\"index\":1"), STOP), "a"),
                Arguments.of("a byte order mark", sse(bytes("\uFEFF"), text("a"), STOP), "a"),
                Arguments.of("bytes that are no UTF-8", sse(text("a\u00ff"), STOP), "a\uFFFD"),
                Arguments.of("escaped NUL", sse(text("a\\u0000"), STOP), "a\0"),
                Arguments.of(
                        "half characters",
                        sse(text("a\\ud83e"), text("\\udd80b\\ud83e"), text("\\udd80"), STOP),
                        "a🦀b🦀"),
                Arguments.of(
                        "usage of other types",
                        sse(
                                text("a"),
                                STOP,
                                usage("\"1\"", "\"2\""),
                                usage("-1", "2"),
                                usage("1.5", "2"),
                                usage("1e99", "2"),
                                DONE),
                        "a"),
                Arguments.of(
                        "chunk extensions and trailers",
                        CHUNKED + "1;x=y\r\nd\r\n" + chunk((text("a") + STOP).substring(1))
                                + "0 ;z\r\nX-Trailer: t\r\n\r\n",
                        "a"),
                Arguments.of(
                        "one byte a chunk",
                        CHUNKED + everyByte(bytes(text("é🦀").replace("\n", "\r\n")) + STOP) + "0\r\n\r\n",
                        "é🦀"),
                Arguments.of(
                        "a chunk of 10 MiB",
                        CHUNKED + chunk((": " + "x".repeat(998) + "\n").repeat(10_486) + text("a") + STOP)
                                + "0\r\n\r\n",
                        "a"),
                Arguments.of(
                        "100,000 events in one packet",
                        sse(text("").repeat(50_000), text("a").repeat(50_000), STOP),
                        "a".repeat(50_000)),
                Arguments.of("an empty answer that the model says is whole", sse(STOP, DONE), ""),
                Arguments.of(
                        "a whole answer",
                        "HTTP/1.1 200 OK\r\nContent-Length: 89\r\n\r\n"
                                + "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"
                                + " ".repeat(25),
                        "a"));
    }

    private static String usage(String prompt, String completion) {
        return event("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion
                + "}}");
    }

    private static String everyByte(String bytes) {
        return bytes.chars().mapToObj(one -> chunk(String.valueOf((char) one))).collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void becomesACorrectAnswer(String name, String wire, String text) throws Exception {
        try (var upstream = sending(wire)) {
            List<ModelEvent> events = events(model(upstream));
            assertThat(said(events)).as(name).isEqualTo(text);
            assertThat(events)
                    .filteredOn(ModelEvent.Finish.class::isInstance)
                    .containsExactly(new ModelEvent.Finish("stop"));
            assertThat(events).noneMatch(ModelEvent.Used.class::isInstance);
        }
    }

    private static String said(List<ModelEvent> events) {
        return events.stream()
                .flatMap(event -> event instanceof ModelEvent.Text(var piece) ? Stream.of(piece) : Stream.of())
                .collect(Collectors.joining());
    }

    /// The bytes are sent and flushed one by one, so that each read of ours may get one.
    @Test
    void events_split_at_every_byte_become_a_correct_answer() throws Exception {
        String stream = bytes((text("é🦀") + STOP + DONE).replace("\n", "\r\n"));
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(OK + "Content-Length: " + stream.length() + "\r\n\r\n");
            for (int i = 0; i < stream.length(); i++) {
                exchange.raw(stream.substring(i, i + 1));
            }
        })) {
            assertThat(said(events(model(upstream)))).isEqualTo("é🦀");
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_is_whole() throws Exception {
        for (String wire : List.of(
                "HTTP/1.0 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"a\"}}]}",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + text("a") + STOP)) {
            try (var upstream = ScriptedUpstream.answering(exchange -> {
                exchange.raw(wire);
                exchange.cut();
            })) {
                assertThat(said(events(model(upstream)))).isEqualTo("a");
            }
        }
    }

    /// The rest of the first answer would be the head of the second.
    @Test
    void an_answer_longer_than_its_stated_length_does_not_reach_the_next_call() throws Exception {
        var calls = new AtomicInteger();
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            String first = text("a") + STOP;
            exchange.raw(OK + "Content-Length: " + first.length() + "\r\n\r\n" + first
                    + (calls.incrementAndGet() == 1 ? sse(text("stolen"), STOP) : ""));
        })) {
            var model = model(upstream);
            assertThat(said(events(model))).isEqualTo("a");
            assertThat(said(events(model))).isEqualTo("a");
            assertThat(calls).hasValue(2);
        }
    }

    /// The whole answer came; a second one, that nobody asked for, comes while the connection is idle.
    @Test
    void an_answer_that_nobody_asked_for_does_not_reach_the_next_call() throws Exception {
        var late = new CountDownLatch(1);
        var calls = new AtomicInteger();
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(sse(text("a"), STOP));
            if (calls.incrementAndGet() == 1) {
                Thread.sleep(100); // until the answer was read and its connection given back
                exchange.raw(sse(text("stolen"), STOP));
                late.countDown();
            }
        })) {
            var model = model(upstream);
            assertThat(said(events(model))).isEqualTo("a");
            assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(said(events(model))).isEqualTo("a");
            assertThat(said(events(model))).isEqualTo("a");
            leavesOpenOneConnectionAtMost(upstream);
        }
    }

    static List<Arguments> dribbles() {
        return List.of(
                Arguments.of("its status line", "HTTP/1.1 200 ", "x"),
                Arguments.of("its headers", "HTTP/1.1 200 OK\r\n", "a: b\r\n"),
                Arguments.of("an error", "HTTP/1.1 400 No\r\nContent-Length: 9999\r\n\r\n", "x"),
                Arguments.of("a whole answer", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{", "x"),
                Arguments.of("an event", CHUNKED + chunk("data: "), chunk("x")));
    }

    @ParameterizedTest(name = "one byte at a time of {0}")
    @MethodSource("dribbles")
    void one_byte_at_a_time_ends_at_the_timeout(String name, String start, String drop) throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(start);
            exchange.forEver(drop, TICK);
        })) {
            Problem.Upstream problem = failure(model(upstream, "timeoutSeconds", "1"));
            assertThat(problem.kind()).as(name).isEqualTo(Kind.SILENT);
            assertThat(problem.message()).contains("'home'", "took too long");
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void a_server_that_does_not_read_what_it_is_asked_ends_at_the_timeout() throws Exception {
        try (var server = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var model = model(java.util.Map.of(
                    "api", "openai-completions",
                    "timeoutSeconds", "1",
                    "baseUrl", "http://127.0.0.1:" + server.getLocalPort() + "/v1"));
            var question = prompt(Json.object().put("x", "x".repeat(20_000_000)));
            try (var reply = model.reply(question)) {
                assertThat(thrown(reply)).isInstanceOf(ProblemException.class).hasMessageContaining("took too long");
            }
        }
    }

    @Test
    void comments_for_ever_end_when_the_run_does() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(CHUNKED);
            exchange.forEver(chunk(": working\n\n"), Duration.ofMillis(1));
        })) {
            var reply = model(upstream, "timeoutSeconds", "1").reply(prompt(Json.object()));
            Thread.ofVirtual().start(() -> {
                while (upstream.requests().isEmpty()) {
                    Thread.onSpinWait();
                }
                reply.close(); // as a run's time-out does
            });
            assertThat(thrown(reply)).isInstanceOf(CancellationException.class);
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }
}
