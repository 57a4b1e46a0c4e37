package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// "Bad input from models", seen by a caller of each kind.
class BadUpstreamTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    @TempDir
    private Path folder = Path.of("unset");

    private GatewayPair gateway(ScriptedUpstream upstream) throws Exception {
        return GatewayPair.with("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents: { defaults: { model: home/m }, list: [ { id: main } ] }
                models:
                  providers:
                    home: { baseUrl: "%s", apiKey: sk-secret, timeoutSeconds: 1, models: [ { id: m } ] }
                """.formatted(upstream.baseUrl()), folder);
    }

    private HttpResponse<String> ask(ScriptedUpstream upstream, boolean stream) throws Exception {
        try (var pair = gateway(upstream)) {
            return pair.chat("{\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        }
    }

    /// The objects of a stream that ends as it should.
    private static List<ObjectNode> events(HttpResponse<String> answer) {
        assertThat(answer.body()).endsWith("\n\ndata: [DONE]\n\n");
        return answer.body()
                .lines()
                .filter(line -> !line.isEmpty() && !line.equals("data: [DONE]"))
                .map(line -> Json.readObject(line.substring("data: ".length())))
                .toList();
    }

    private static ScriptedUpstream sending(String wire) {
        return ScriptedUpstream.answering(exchange -> exchange.raw(wire));
    }

    static List<Arguments> beforeTheFirstWord() {
        return List.of(
                Arguments.of("garbage\r\n\r\n", 502, "no HTTP"),
                Arguments.of(OK + "Content-Length: 0\r\n\r\n", 502, "before it began"),
                Arguments.of(OK + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxxx", 502, "'gzip'"),
                Arguments.of(OK + "Content-Length: 14\r\n\r\ndata: [DONE]\n\n", 502, "before it began"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
                        502,
                        "text/html"),
                Arguments.of("HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", 502, "redirect"),
                Arguments.of(OK, 504, "took too long"));
    }

    @ParameterizedTest
    @MethodSource("beforeTheFirstWord")
    void a_fault_before_the_models_first_word_is_one_error_with_a_status_of_its_own(
            String wire, int status, String words) throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            try (var upstream = sending(wire)) {
                var answer = ask(upstream, stream);
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(Json.readObject(answer.body()).at("/error/message").stringValue())
                        .contains("'home'", words)
                        .doesNotContain("sk-secret");
            }
        }
    }

    static List<Arguments> inMidAnswer() {
        return List.of(
                Arguments.of("data: {\"choices\":[{\"delta\":{\"cont", "no JSON object"),
                Arguments.of("data: " + "x".repeat(1024 * 1024), "more than 1048576 bytes"),
                Arguments.of("data: {\"error\":{\"message\":\"no memory for sk-secret\"}}\n\n", "no memory for ***"),
                Arguments.of("", "broke off in mid-answer"));
    }

    @ParameterizedTest
    @MethodSource("inMidAnswer")
    void a_fault_in_mid_answer_is_one_error_in_the_stream_and_a_status_for_those_who_do_not_stream(
            String rest, String words) throws Exception {
        String body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n" + rest;
        String wire = OK + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        try (var upstream = sending(wire)) {
            var whole = ask(upstream, false);
            assertThat(whole.statusCode()).isEqualTo(502);
            assertThat(Json.readObject(whole.body()).at("/error/message").stringValue())
                    .contains("'home'", words);
        }
        try (var upstream = sending(wire)) {
            var events = events(ask(upstream, true));
            assertThat(events).hasSize(3);
            assertThat(events.get(1).at("/choices/0/delta/content").stringValue())
                    .isEqualTo("a");
            assertThat(events.get(2).at("/error/message").stringValue())
                    .contains("'home'", words)
                    .doesNotContain("sk-secret");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_byte_at_a_time_ends_at_the_timeout_for_every_caller(boolean stream) throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.raw(OK + "Content-Length: 100000\r\n\r\ndata: ");
            exchange.forEver("x", Duration.ofMillis(50));
        })) {
            assertThat(ask(upstream, stream).statusCode()).isEqualTo(504);
            assertThat(upstream.awaitHangUp(10_000)).isTrue();
        }
    }

    /// Here and not beside the model: what a run may hold is counted once for all its events.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_hundred_thousand_tiny_events_in_one_packet_are_a_correct_stream(boolean stream) throws Exception {
        String event = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
        String body = event.repeat(100_000) + "data: [DONE]\n\n";
        try (var upstream = sending(OK + "Content-Length: " + body.length() + "\r\n\r\n" + body)) {
            var answer = ask(upstream, stream);
            assertThat(answer.statusCode()).isEqualTo(200);
            if (stream) {
                var events = events(answer);
                assertThat(events.stream()
                                .mapToInt(one -> one.at("/choices/0/delta/content")
                                        .stringValue("")
                                        .length())
                                .sum())
                        .isEqualTo(100_000);
                assertThat(events.getLast().at("/choices/0/finish_reason").stringValue())
                        .isEqualTo("stop");
            } else {
                assertThat(Json.readObject(answer.body())
                                .at("/choices/0/message/content")
                                .stringValue())
                        .hasSize(100_000);
            }
        }
    }

    @Test
    void a_run_over_a_WebSocket_ends_with_the_same_error() throws Exception {
        String body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [1]\n\n";
        try (var upstream = sending(OK + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                var pair = gateway(upstream)) {
            var params = Json.object()
                    .put("message", "hi")
                    .put("idempotencyKey", "k")
                    .put("timeout", 30);
            assertThat(Json.write(AgentCommand.ask(pair.address(), params)))
                    .contains("'home'", "no JSON object", "\"ok\":false")
                    .doesNotContain("sk-secret");
        }
    }
}
