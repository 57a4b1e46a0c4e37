package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.RunId;
import io.chela.testkit.FakeModel;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a stream says when its model does not.
class ChatStreamTest {
    private static final StreamTimes QUICK =
            new StreamTimes(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofSeconds(15));
    private static final StreamTimes PATIENT =
            new StreamTimes(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(15));
    private static final String STREAM = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    /// A model that says its events one after the other, the last ones only when it is let go.
    private static FakeModel waitingBefore(int index, CountDownLatch released, List<ModelEvent> events) {
        return FakeModel.scripted(_ -> new AbstractList<>() {
            @Override
            public ModelEvent get(int i) {
                if (i == index) {
                    await(released);
                }
                return events.get(i);
            }

            @Override
            public int size() {
                return events.size();
            }
        });
    }

    private static void await(CountDownLatch released) {
        try {
            if (!released.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static BufferedReader reader(Socket socket) throws Exception {
        socket.setSoTimeout(30_000);
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private static String lineThat(BufferedReader lines, String beginning) throws Exception {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw new AssertionError("no line begins with " + beginning);
    }

    @Test
    void beginsAndKeepsAliveWhileTheModelThinks() throws Exception {
        var released = new CountDownLatch(1);
        var model = waitingBefore(0, released, List.of(new ModelEvent.Text("late"), new ModelEvent.Finish("stop")));
        try (var door = TestDoor.before(model, QUICK);
                var socket = door.raw(STREAM)) {
            var lines = reader(socket);
            assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
            lineThat(lines, "data: {");
            lineThat(lines, ": keep-alive");
            lineThat(lines, ": keep-alive");
            released.countDown();
            assertThat(lineThat(lines, "data: {")).contains("\"late\"");
            assertThat(lineThat(lines, "data: {")).contains("\"finish_reason\":\"stop\"");
            lineThat(lines, "data: [DONE]");
        }
    }

    @Test
    void holdsTheStatusForAFailureUntilThen() throws Exception {
        var model = FakeModel.scripted(_ -> {
            throw new ProblemException(new Problem.Unavailable("test", "not now", Duration.ofSeconds(1)));
        });
        try (var door = TestDoor.before(model, PATIENT)) {
            var response = door.post(STREAM);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(Json.readObject(response.body()).at("/error/message").stringValue())
                    .isEqualTo("not now");
        }
    }

    @Test
    void reportsAFailureAfterItHasBegunInTheStream() throws Exception {
        var released = new CountDownLatch(1);
        var model = FakeModel.scripted(_ -> {
            await(released);
            throw new ProblemException(new Problem.Unavailable("test", "not now", Duration.ofSeconds(1)));
        });
        try (var door = TestDoor.before(model, QUICK);
                var socket = door.raw(STREAM)) {
            var lines = reader(socket);
            lineThat(lines, ": keep-alive");
            released.countDown();
            assertThat(lineThat(lines, "data: {\"error\"")).contains("not now");
            lineThat(lines, "data: [DONE]");
        }
    }

    @Test
    void sendsReasoningAsTheModelGaveItAndBeforeTheText() throws Exception {
        var thought = Json.object().stringNode("hm");
        var model = FakeModel.scripted(_ -> List.of(
                new ModelEvent.Extra("reasoning_content", thought),
                new ModelEvent.Text("yes"),
                new ModelEvent.Finish("stop")));
        try (var door = TestDoor.before(model)) {
            assertThat(door.post(STREAM).body()).containsSubsequence("\"reasoning_content\":\"hm\"", "\"yes\"");
            var whole = Json.readObject(door.ask("hi", "").body());
            assertThat(whole.at("/choices/0/message/reasoning_content").stringValue())
                    .isEqualTo("hm");
        }
    }

    @Test
    void passesOnWhateverElseTheModelSaid() throws Exception {
        var refusal = Json.object().stringNode("no");
        var notes = Json.readObject("{\"a\":[{\"type\":\"url_citation\"}]}").path("a");
        var model = FakeModel.scripted(_ -> List.of(
                new ModelEvent.Extra("refusal", refusal),
                new ModelEvent.Extra("annotations", notes),
                new ModelEvent.Finish("content_filter")));
        try (var door = TestDoor.before(model)) {
            assertThat(door.post(STREAM).body())
                    .containsSubsequence(
                            "\"delta\":{\"role\":\"assistant\"}",
                            "\"delta\":{\"refusal\":\"no\"}",
                            "\"delta\":{\"annotations\":[{\"type\":\"url_citation\"}]}",
                            "\"delta\":{},\"finish_reason\":\"content_filter\"",
                            "data: [DONE]");
            var message = Json.readObject(door.ask("hi", "").body()).at("/choices/0/message");
            assertThat(message.path("refusal")).isEqualTo(refusal);
            assertThat(message.path("annotations")).isEqualTo(notes);
        }
    }

    @Test
    void takesAnEmptyAnswerForAnAnswer() throws Exception {
        var model = FakeModel.scripted(_ -> List.of(new ModelEvent.Finish("stop")));
        try (var door = TestDoor.before(model)) {
            var message = Json.readObject(door.ask("hi", "").body()).at("/choices/0/message");
            assertThat(message).isEqualTo(Json.readObject("{\"role\":\"assistant\",\"content\":\"\"}"));
            assertThat(model.prompts()).hasSize(1);
            assertThat(door.post(STREAM).body().lines().filter(line -> line.startsWith("data: ")))
                    .hasSize(3);
        }
    }

    private static ChatStream writingTo(OutputStream out) {
        return new ChatStream(Completion.of(RunId.random(), Instant.EPOCH, "m"), false, () -> new SseWriter(out));
    }

    @Test
    void leavesNobodyBehindWhoWrites() throws Exception {
        var written = new ByteArrayOutputStream();
        var stream = writingTo(written);
        Thread second = stream.keepAlive(QUICK, () -> {});
        try (stream) {
            assertThat(second.isAlive()).isTrue();
        }
        assertThat(second.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void takesAFailedCommentForAReaderWhoLeft() throws Exception {
        var gone = new CountDownLatch(1);
        var broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        try (var stream = writingTo(broken)) {
            Thread second = stream.keepAlive(QUICK, gone::countDown);
            assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(second.join(Duration.ofSeconds(30))).isTrue();
        }
    }
}
