package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.app.RawCall.Answer;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends what clients sent to OpenClaw 2026.9.6 and holds each answer against the recorded one: status, header names
/// and
/// the body's shape. `exceptions.txt` lists every answer that is another, with the rule that allows it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordingsTest {
    /// @param status what is answered here instead
    record Difference(int status, String rule) {}

    @TempDir
    private Path folder = Path.of("unset");

    private final ScriptedUpstream upstream = new RecordedUpstream().start();
    private final Map<String, RunningGateway> gateways = new TreeMap<>();
    private Map<String, Difference> exceptions = Map.of();

    @BeforeAll
    void readExceptions() throws IOException {
        Map<String, Difference> read = new TreeMap<>();
        lines("exceptions.txt").filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split(" +", 3);
            read.put(parts[0], new Difference(Integer.parseInt(parts[1]), parts[2]));
        });
        exceptions = read;
    }

    @AfterAll
    void stop() {
        gateways.values().forEach(RunningGateway::close);
        upstream.close();
    }

    @TestFactory
    Stream<DynamicTest> answersAsRecorded() throws IOException {
        return recordings().stream()
                .map(recording -> DynamicTest.dynamicTest(name(recording), () -> replay(recording)));
    }

    @TestFactory
    Stream<DynamicTest> namesNoExceptionWithoutARecording() throws IOException {
        List<String> recorded = recordings().stream().map(RecordingsTest::name).toList();
        return exceptions.keySet().stream()
                .map(name ->
                        DynamicTest.dynamicTest(name, () -> assertThat(recorded).contains(name)));
    }

    private void replay(ObjectNode recording) throws IOException {
        Answer answer =
                RawCall.send(gateway(recording.path("gateway").stringValue()).port(), recording.path("request"));
        Optional<String> difference = difference(recording.path("answer"), answer);
        Difference exception = exceptions.get(name(recording));
        if (exception == null) {
            assertThat(difference).as(answer.body()).isEmpty();
            return;
        }
        assertThat(answer.status()).as(exception.rule() + ": " + answer.body()).isEqualTo(exception.status());
        assertThat(difference).as("still an exception: " + exception.rule()).isPresent();
        if (answer.status() >= 400 && !answer.body().isEmpty()) {
            assertThat(Json.readObject(answer.body())
                            .path("error")
                            .path("message")
                            .stringValue())
                    .isNotBlank();
        }
    }

    private static Optional<String> difference(JsonNode recorded, Answer ours) {
        if (recorded.path("status").asInt() != ours.status()) {
            return Optional.of("the status is " + ours.status() + ", not " + recorded.path("status"));
        }
        Optional<String> header = StreamSupport.stream(recorded.path("headers").spliterator(), false)
                .map(JsonNode::stringValue)
                .filter(name -> !ours.headers().containsKey(name))
                .findFirst();
        return header.map(name -> "there is no header " + name).or(() -> bodyDifference(recorded, ours));
    }

    private static Optional<String> bodyDifference(JsonNode recorded, Answer ours) {
        if (recorded.has("events")) {
            return Shape.difference(recorded.path("events"), events(recorded.path("events"), ours));
        }
        return recorded.has("body")
                ? Shape.difference(recorded.path("body"), Json.readObject(ours.body()))
                : Optional.<String>empty().filter(_ -> recorded.has("text"));
    }

    /// The events of a stream as the recordings keep them: those in a row that have one shape count once.
    private static JsonNode events(JsonNode shapes, Answer ours) {
        var events = Json.object().putArray("events");
        for (String line :
                ours.body().lines().filter(text -> text.startsWith("data: ")).toList()) {
            JsonNode event = line.equals("data: [DONE]")
                    ? Json.object().stringNode("[DONE]")
                    : Json.readObject(line.substring("data: ".length()));
            JsonNode shape = shapes.path(events.size() - 1);
            if (shape.isMissingNode() || Shape.difference(shape, event).isPresent()) {
                events.add(event);
            }
        }
        return events;
    }

    private RunningGateway gateway(String name) throws IOException {
        RunningGateway known = gateways.get(name);
        if (known != null) {
            return known;
        }
        Path own = Files.createDirectories(folder.resolve(name));
        String config = new String(resource(name + ".yaml"), UTF_8).replace("UPSTREAM", upstream.baseUrl());
        Path file = Files.writeString(own.resolve("chela-test.yaml"), config);
        RunningGateway started =
                new Wiring(GatewayPair.options(file, own), Map.of(), Extensions.load(Optional.empty())).start();
        gateways.put(name, started);
        return started;
    }

    private static String name(ObjectNode recording) {
        return recording.path("name").stringValue();
    }

    private static List<ObjectNode> recordings() throws IOException {
        return new ArrayList<>(lines("recordings.jsonl").map(Json::readObject).toList());
    }

    private static Stream<String> lines(String name) throws IOException {
        return new String(resource(name), UTF_8).lines().filter(line -> !line.isBlank());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = RecordingsTest.class.getResourceAsStream("/openclaw/" + name)) {
            if (in == null) {
                throw new IOException("there is no resource " + name);
            }
            return in.readAllBytes();
        }
    }
}
