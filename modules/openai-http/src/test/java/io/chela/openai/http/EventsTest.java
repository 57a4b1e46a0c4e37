package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.api.SessionKey;
import io.chela.api.Usage;
import io.chela.auth.AuthResult;
import io.chela.auth.Caller;
import io.chela.auth.Claim;
import io.chela.auth.Departure;
import io.chela.testkit.FakeModel;
import io.helidon.http.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every wait ends with the class's time-out; the default silence before a comment is 15 s, so what is noticed in
/// less was not noticed by writing one.
@Timeout(120)
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Optional<SessionKey> SESSION = Optional.of(new SessionKey("agent:main:notes"));

    /// One event of 64 KiB, which a socket's buffers cannot hold many of.
    private static final SseEvent BIG =
            SseEvent.builder().name("big").data("x".repeat(64 * 1024)).build();

    private static void await(BooleanSupplier fact) throws InterruptedException {
        await(PATIENCE, fact);
    }

    private static void await(Duration patience, BooleanSupplier fact) throws InterruptedException {
        Instant deadline = Instant.now().plus(patience);
        while (!fact.getAsBoolean()) {
            assertThat(Instant.now()).as("came in time").isBefore(deadline);
            Thread.sleep(5);
        }
    }

    private static String firstOf(InputStream in, int bytes) throws IOException {
        return new String(in.readNBytes(bytes), US_ASCII);
    }

    @Test
    void tellsHowARunStartsSpeaksAndEnds() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER);
                var events = door.events()) {
            var headers = events.response().headers();
            assertThat(events.response().statusCode()).isEqualTo(200);
            assertThat(headers.firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(headers.firstValue("cache-control")).contains("no-cache");
            assertThat(headers.firstValue("x-accel-buffering")).contains("no");
            assertThat(headers.firstValue("x-request-id")).isPresent();
            var accepted = door.accept("reader", SESSION);
            accepted.play(_ -> {});
            var said = events.next(3);
            assertThat(said)
                    .extracting(EventStream.Event::name)
                    .containsExactly("run.started", "run.first_token", "run.ended");
            assertThat(said).allSatisfy(event -> {
                var data = event.json();
                assertThat(data.path("runId").stringValue())
                        .isEqualTo(accepted.run().id().value());
                assertThat(data.path("agentId").stringValue()).isEqualTo("main");
                assertThat(data.path("sessionKey").stringValue()).isEqualTo("agent:main:notes");
                assertThat(data.path("owner").stringValue()).isEqualTo("reader");
                assertThat(data.path("ts").longValue())
                        .isGreaterThanOrEqualTo(accepted.run().startedAt().toEpochMilli());
                assertThat(event.data()).doesNotContain("secret").doesNotContain("Hel");
            });
            assertThat(said.getFirst().json().path("model").stringValue()).isEqualTo("fake/m");
            var end = said.getLast().json();
            assertThat(end.path("outcome").stringValue()).isEqualTo("completed");
            assertThat(end.path("finishReason").stringValue()).isEqualTo("stop");
            assertThat(end.path("usage")).hasToString(Usage.of(11, 2).json().toString());
        }
    }

    @Test
    void tellsWhyARunFailedWithoutAWordOfTheModelsServer() throws Exception {
        var model = FakeModel.scripted(_ -> {
            throw new ProblemException(
                    new Problem.Upstream(Problem.Upstream.Kind.REJECTED, "fake", "bad prompt: a secret question"));
        });
        try (var door = ReadingDoor.of(ReadingDoor.READER, model);
                var events = door.events()) {
            door.accept("reader", Optional.empty()).play(_ -> {});
            var said = events.next(2);
            assertThat(said).extracting(EventStream.Event::name).containsExactly("run.started", "run.ended");
            var end = said.getLast();
            assertThat(end.json().path("outcome").stringValue()).isEqualTo("failed");
            assertThat(end.json().path("error").path("type").isString()).isTrue();
            assertThat(end.json().has("sessionKey")).isFalse();
            assertThat(end.data()).doesNotContain("secret");
        }
    }

    @Test
    void tellsOfACancelledRun() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER, FakeModel.saying("a").thenHanging());
                var events = door.events()) {
            var accepted = door.accept("reader", Optional.empty());
            var playing = Thread.startVirtualThread(() -> accepted.play(_ -> {}));
            assertThat(events.next(2).getLast().name()).isEqualTo("run.first_token");
            accepted.run().cancel();
            assertThat(events.next().orElseThrow().json().path("outcome").stringValue())
                    .isEqualTo("cancelled");
            playing.join();
        }
    }

    @Test
    void takesAToolCallForAFirstToken() throws Exception {
        var call = Json.readObject("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
        var model = FakeModel.scripted(
                _ -> List.of(new ModelEvent.ToolCallDelta(call), new ModelEvent.Finish("tool_calls")));
        try (var door = ReadingDoor.of(ReadingDoor.READER, model);
                var events = door.events()) {
            door.accept("reader", Optional.empty()).play(_ -> {});
            var said = events.next(3);
            assertThat(said.get(1).name()).isEqualTo("run.first_token");
            assertThat(said.get(2).json().path("finishReason").stringValue()).isEqualTo("tool_calls");
            assertThat(said.get(2).json().has("usage")).isFalse();
        }
    }

    @Test
    void saysNothingOfARunOfAnotherOwner() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER);
                var events = door.events()) {
            door.accept("somebody-else", SESSION).play(_ -> {});
            var own = door.accept("reader", SESSION);
            own.play(_ -> {});
            assertThat(events.next(3))
                    .allSatisfy(event -> assertThat(event.json().path("runId").stringValue())
                            .isEqualTo(own.run().id().value()));
        }
    }

    @Test
    void tellsAnAdminOfEverybodysRuns() throws Exception {
        try (var door = ReadingDoor.of(Principal.operator());
                var events = door.events()) {
            door.accept("somebody-else", SESSION).play(_ -> {});
            assertThat(events.next(3))
                    .allSatisfy(event ->
                            assertThat(event.json().path("owner").stringValue()).isEqualTo("somebody-else"));
        }
    }

    @Test
    void showsWithACommentThatTheConnectionLives() throws Exception {
        try (var door = ReadingDoor.commenting(Duration.ofMillis(50));
                var events = door.events()) {
            assertThat(events.next(2)).containsOnly(new EventStream.Event("", "keep-alive"));
            door.accept("reader", Optional.empty()).play(_ -> {});
            var next = events.next().orElseThrow();
            while (next.name().isEmpty()) {
                next = events.next().orElseThrow();
            }
            assertThat(next.name()).isEqualTo("run.started");
        }
    }

    @Test
    void noticesAtOnceThatAReaderHungUp() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            var socket = door.raw("/v1/events");
            await(() -> door.readers().count() == 1);
            socket.close();
            await(() -> door.readers().count() == 0);
        }
    }

    @Test
    void dropsAReaderThatLetsTooMuchWait() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER);
                var socket = door.raw("/v1/events")) {
            await(() -> door.readers().count() == 1);
            assertThat(firstOf(socket.getInputStream(), 12)).isEqualTo("HTTP/1.1 200");
            int told = 0;
            // A writer on another thread empties the queue until the socket is full: then it must overflow.
            while (door.readers().count() > 0 && told < 20_000) {
                door.readers().tell("reader", () -> BIG);
                told++;
            }
            assertThat(told).isGreaterThan(EventReader.MAX_WAITING).isLessThan(20_000);
            assertIsCutOff(socket.getInputStream());
        }
    }

    @Test
    void dropsAReaderThatDoesNotReadWithinTheWriteDeadline() throws Exception {
        try (var door = ReadingDoor.writingWithin(Duration.ofSeconds(1));
                var socket = door.raw("/v1/events")) {
            await(() -> door.readers().count() == 1);
            for (int i = 0; i < EventReader.MAX_WAITING; i++) {
                door.readers().tell("reader", () -> BIG);
            }
            await(Duration.ofSeconds(30), () -> door.readers().count() == 0);
            assertIsCutOff(socket.getInputStream());
        }
    }

    /// Reads up to the end, or a reset, which must come before the last chunk of a whole answer.
    private static void assertIsCutOff(InputStream in) {
        var read = new ByteArrayOutputStream();
        try {
            in.transferTo(read);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException _) {
            // the end that was looked for
        }
        assertThat(read.toString(US_ASCII).endsWith("\r\n0\r\n\r\n")).isFalse();
    }

    @Test
    void endsEveryReaderWhenTheGatewayStops() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER);
                var one = door.events();
                var two = door.events()) {
            door.edge().drain();
            assertThat(one.next()).isEmpty();
            assertThat(two.next()).isEmpty();
            await(() -> door.readers().count() == 0);
            var late = door.get("/v1/events");
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.headers().firstValue("retry-after")).isPresent();
        }
    }

    private static EventReader reader(ReadingDoor door, Principal principal) {
        var here = InetAddress.getLoopbackAddress();
        var claim = new Claim(new Caller(here, here, false, true), Map.of(), Departure.UNSEEN);
        var admission = new EventReader.Admission(claim, new AuthResult.Granted(principal));
        return door.readers().add(admission, OpenAiHttpKeys.DEFAULT_READERS, () -> {});
    }

    @Test
    void endsAReaderWhoseCredentialGrantsOtherwiseAndKeepsTheOthers() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER);
                var events = door.events()) {
            door.replace(ReadingDoor.READER, true);
            assertThat(door.readers().count()).isEqualTo(1);
            door.replace(new Principal("reader", Set.of(Scope.READ), Set.of()), true);
            assertThat(events.next()).isEmpty();
            assertThat(door.readers().count()).isZero();
        }
    }

    @Test
    void refusesOneReaderTooMany() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            List<EventReader> open = new ArrayList<>();
            for (int i = 0; i < OpenAiHttpKeys.DEFAULT_READERS; i++) {
                var principal = new Principal("reader " + i, Set.of(Scope.READ), Set.of());
                open.add(reader(door, principal));
            }
            var refused = door.get("/v1/events");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("5");
            open.getFirst().close();
            try (var events = door.events()) {
                assertThat(events.response().statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void leavesRoomForOthersWhenOneReadsMuch() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            for (int i = 0; i < EventReaders.MAX_OF_ONE; i++) {
                reader(door, ReadingDoor.READER);
            }
            assertThat(door.get("/v1/events").statusCode()).isEqualTo(503);
            reader(door, new Principal("another", Set.of(Scope.READ), Set.of()));
            assertThat(door.readers().count()).isEqualTo(EventReaders.MAX_OF_ONE + 1);
        }
    }

    @Test
    void answersHeadWithTheHeadersAlone() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            var head = door.send(door.request("/v1/events").HEAD());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
            assertThat(door.readers().count()).isZero();
        }
    }

    @Test
    void refusesACallerThatTakesNoEvents() throws Exception {
        try (var door = ReadingDoor.of(ReadingDoor.READER)) {
            var refused = door.send(door.request("/v1/events").header("Accept", "application/json"));
            assertThat(refused.statusCode()).isEqualTo(406);
            assertThat(door.readers().count()).isZero();
        }
    }
}
