package io.chela.model.openai;

import static io.chela.model.openai.Asked.events;
import static io.chela.model.openai.Asked.failure;
import static io.chela.model.openai.Asked.model;
import static io.chela.model.openai.Asked.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiModelTest {
    @Test
    void sendsTheConversationAndTheCallersMembersAndAsksForAStreamWithUsage() {
        try (var upstream = ScriptedUpstream.saying("ok")) {
            var parameters = Json.readObject("{\"temperature\":0.5,\"new_member\":{\"x\":[1.10]},\"stream\":false}");
            try (var reply =
                    model(upstream, "apiKey", "sk-1", "headers.X-Team", "blue").reply(prompt(parameters))) {
                reply.forEach(_ -> {});
            }
            var request = upstream.requests().getFirst();
            assertThat(request.path()).isEqualTo("/v1/chat/completions");
            assertThat(request.headers())
                    .containsEntry("authorization", "Bearer sk-1")
                    .containsEntry("x-team", "blue");
            assertThat(request.json()).isEqualTo(Json.readObject("""
                            {"model":"qwen3","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}],
                             "temperature":0.5,"new_member":{"x":[1.10]},"stream":true,"stream_options":{"include_usage":true}}"""));
        }
    }

    @Test
    void givesWhatTheModelSaysInItsOrder() {
        try (var upstream = ScriptedUpstream.saying("Hel", "lo 🦀")) {
            var events = events(model(upstream));
            assertThat(events.subList(0, 3))
                    .containsExactly(
                            new ModelEvent.Text("Hel"), new ModelEvent.Text("lo 🦀"), new ModelEvent.Finish("stop"));
            assertThat(((ModelEvent.Used) events.get(3)).usage().totalTokens()).isEqualTo(13);
            assertThat(events).hasSize(4);
        }
    }

    @Test
    void reusesTheConnectionOfAStreamThatWasReadToItsEnd() throws Exception {
        var connections = new AtomicInteger();
        var seen = java.util.concurrent.ConcurrentHashMap.<Thread>newKeySet();
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            if (seen.add(Thread.currentThread())) { // one thread serves one connection
                connections.incrementAndGet();
            }
            exchange.say("ok");
        })) {
            var model = model(upstream);
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            int before = -1;
            // The rest of a stream is read beside the answer, so a call that comes at once has a connection of its own.
            while (connections.get() != before && System.nanoTime() < deadline) {
                before = connections.get();
                Thread.sleep(20);
                events(model);
            }
            assertThat(connections).hasValue(before);
        }
    }

    @Test
    void passesToolCallsAndUnknownMembersOn() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.delta(Json.readObject("{\"reasoning_content\":\"hm\"}"));
            exchange.delta(Json.readObject("{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":\"\"},\"extra_content\":{\"s\":1}}]}"));
            exchange.delta(Json.readObject("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}"));
            exchange.finish("tool_calls");
            exchange.done();
        })) {
            var events = events(model(upstream));
            assertThat(events.get(0)).isInstanceOf(ModelEvent.Extra.class);
            assertThat(((ModelEvent.ToolCallDelta) events.get(1))
                            .json()
                            .at("/extra_content/s")
                            .intValue())
                    .isEqualTo(1);
            assertThat(events.get(3)).isEqualTo(new ModelEvent.Finish("tool_calls"));
        }
    }

    @Test
    void understandsAServerThatDoesNotStream() {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(
                200,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"whole\"},"
                        + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"))) {
            assertThat(events(model(upstream)))
                    .startsWith(new ModelEvent.Text("whole"), new ModelEvent.Finish("stop"))
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, REJECTED, their words",
        "401, UNAUTHORIZED, credential",
        "402, BILLING, paid",
        "403, UNAUTHORIZED, permission",
        "404, UNKNOWN_MODEL, qwen3",
        "429, RATE_LIMITED, rate",
        "500, BROKEN, failed",
        "503, OVERLOADED, overloaded",
        "504, BROKEN, failed",
        "302, BROKEN, 'redirect, which is not followed'",
    })
    void saysWhatARefusalMeans(int status, Problem.Upstream.Kind kind, String words) {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.json(
                status, "{\"error\":{\"message\":\"their words about sk-key\"}}", "Retry-After: 7", "Location: /x"))) {
            var problem = failure(model(upstream));
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.provider()).isEqualTo("home");
            assertThat(problem.status()).contains(status);
            assertThat(problem.message()).contains("home", "127.0.0.1:", words);
            assertThat(problem.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(problem.message().contains("sk-key")).isEqualTo(kind == Problem.Upstream.Kind.REJECTED);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void knowsAContextThatIsTooLong() {
        try (var upstream = ScriptedUpstream.answering(exchange ->
                exchange.json(400, "{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}"))) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Problem.Upstream.Kind.CONTEXT_LENGTH);
        }
    }

    @Test
    void countsAStreamThatBreaksOffAsAFailure() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("Hal");
            exchange.end();
        })) {
            assertThat(failure(model(upstream)).message()).contains("broke off");
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("Hal");
            exchange.cut();
        })) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Problem.Upstream.Kind.BROKEN);
        }
    }

    @Test
    void takesEitherAReasonOrDoneAsTheEnd() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.done();
        })) {
            assertThat(events(model(upstream))).endsWith(new ModelEvent.Finish("stop"));
        }
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.finish("length");
            exchange.end();
        })) {
            assertThat(events(model(upstream))).endsWith(new ModelEvent.Finish("length"));
        }
    }

    @Test
    void reportsAnErrorInsideTheStream() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.event("{\"error\":{\"message\":\"out of memory\"}}");
            exchange.done();
        })) {
            assertThat(failure(model(upstream)).message()).contains("home", "out of memory");
        }
    }

    @ParameterizedTest
    @CsvSource({"text/html, <html>", "'', {}"})
    void refusesAnAnswerThatIsNoStream(String type, String body) {
        try (var upstream = ScriptedUpstream.answering(exchange -> exchange.raw("HTTP/1.1 200 OK\r\nContent-Type: "
                + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))) {
            assertThat(failure(model(upstream)).kind()).isEqualTo(Problem.Upstream.Kind.BROKEN);
        }
    }

    @Test
    void refusesAnEventThatIsNoJson() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.event("{broken");
            exchange.done();
        })) {
            assertThat(failure(model(upstream)).message()).contains("no JSON object");
        }
    }

    @Test
    void saysThatAServerIsDown() {
        var upstream = ScriptedUpstream.saying("never");
        var model = model(upstream);
        upstream.close();
        assertThat(failure(model).message()).contains("home", "cannot be reached");
    }

    @Test
    void givesUpOnASilentServer() {
        try (var upstream = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang)) {
            assertThat(failure(model(upstream, "timeoutSeconds", "1")).kind()).isEqualTo(Problem.Upstream.Kind.SILENT);
        }
    }

    @Test
    void givesUpOnAServerThatFallsSilentInMidStream() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.hang();
        })) {
            assertThat(failure(model(upstream, "timeoutSeconds", "1")).kind()).isEqualTo(Problem.Upstream.Kind.SILENT);
        }
    }

    @Test
    void hangsUpOnTheServerWhenClosedBeforeItsHeaders() throws Exception {
        try (var upstream = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang)) {
            closesWhileWaiting(upstream, 0);
        }
    }

    @Test
    void hangsUpOnTheServerWhenClosedInMidStream() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.hang();
        })) {
            closesWhileWaiting(upstream, 1);
        }
    }

    private static void closesWhileWaiting(ScriptedUpstream upstream, int eventsBefore) throws Exception {
        var reply = model(upstream).reply(prompt(Json.object()));
        var waiting = new CountDownLatch(eventsBefore);
        var interrupted = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Throwable>();
        Thread.startVirtualThread(() -> {
            try {
                for (var _ : reply) {
                    waiting.countDown();
                }
                ended.completeExceptionally(new AssertionError("it went on to the end"));
            } catch (RuntimeException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
                ended.complete(e);
            }
        });
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (upstream.requests().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        reply.close();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(upstream.awaitHangUp(10_000)).isTrue();
    }

    @Test
    void sendsNothingWhenClosedBefore() {
        try (var upstream = ScriptedUpstream.saying("never")) {
            var reply = model(upstream).reply(prompt(Json.object()));
            reply.close();
            assertThatThrownBy(() -> reply.iterator().hasNext()).isInstanceOf(CancellationException.class);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    /// As when a door's caller leaves while the answer is passed on: nobody is in a call that could be interrupted.
    @Test
    void hangsUpWhenItIsClosedBetweenTwoReads() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("one");
            exchange.hang();
        })) {
            var reply = model(upstream).reply(prompt(Json.object()));
            assertThat(reply.iterator().next()).isEqualTo(new ModelEvent.Text("one"));
            reply.close();
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void takesAnEndWithoutABeginningForNoAnswer() {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.delta(Json.object().put("role", "assistant").put("content", ""));
            exchange.done();
        })) {
            assertThat(failure(model(upstream)).message()).contains("ended its answer before it began");
        }
    }

    @Test
    void readsNoLongerThanASecondPastTheEnd() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("one");
            exchange.finish("stop");
            exchange.event("[DONE]");
            exchange.hang();
        })) {
            assertThat(events(model(upstream))).hasSize(2);
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void namesEveryMistakeInItsSettings() {
        assertThatThrownBy(() -> model(Map.of("baseUrl", "ftp://x", "timeoutSeconds", "soon", "colour", "red")))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("baseUrl: must be an http or https URL")
                .contains("timeoutSeconds: must be a whole number")
                .contains("colour: unknown key");
    }
}
