package io.chela.model.openai;

import static io.chela.model.openai.Asked.model;
import static io.chela.model.openai.Asked.prompt;
import static io.chela.model.openai.HostileAnswers.CHUNKED;
import static io.chela.model.openai.HostileAnswers.DONE;
import static io.chela.model.openai.HostileAnswers.OK;
import static io.chela.model.openai.HostileAnswers.STOP;
import static io.chela.model.openai.HostileAnswers.bytes;
import static io.chela.model.openai.HostileAnswers.chunk;
import static io.chela.model.openai.HostileAnswers.sse;
import static io.chela.model.openai.HostileAnswers.text;
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

    private static ScriptedUpstream sending(String wire) {
        return ScriptedUpstream.answering(exchange -> exchange.raw(wire));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.chela.model.openai.HostileAnswers#faults")
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.chela.model.openai.HostileAnswers#answers")
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
