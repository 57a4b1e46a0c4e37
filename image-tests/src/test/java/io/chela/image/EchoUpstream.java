package io.chela.image;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A model server that says `Echo: ` and the last message, or does what that message says: `SILENT` never
/// answers, `HANG` stops after its first words, `BREAK` hangs up there, `FAIL` answers 500, `LIMIT` answers 429
/// the first time, `LOAD` answers 503 as long as a gateway asks for one turn, `JSON` says an object, and `TOOL`
/// calls the tool `add`.
final class EchoUpstream {
    /// How often a gateway asks for one turn: once, and twice again.
    private static final int ASKED = 3;

    private EchoUpstream() {}

    static ScriptedUpstream start() {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        return ScriptedUpstream.answering(exchange -> {
            String text = messages(exchange.request()).getLast().path("content").stringValue("");
            int times = seen.merge(text, 1, Integer::sum);
            if (text.startsWith("LIMIT") && times == 1) {
                exchange.json(429, "{\"error\":{\"message\":\"too fast\"}}", "Retry-After: 1");
            } else if (text.startsWith("LOAD") && times <= ASKED) {
                exchange.json(503, "{\"error\":{\"message\":\"Loading model\"}}");
            } else {
                answer(exchange);
            }
        });
    }

    /// A configuration with one agent, `main`, that asks this server.
    static String config(ScriptedUpstream upstream) {
        return """
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents:
                  defaults: { model: home/m }
                  list: [ { id: main, instructions: Be brief. } ]
                models: { providers: { home: { baseUrl: "%s", apiKey: none, models: [ { id: m } ] } } }
                """.formatted(upstream.baseUrl());
    }

    static void answer(Exchange exchange) throws IOException, InterruptedException {
        JsonNode last = messages(exchange.request()).getLast();
        String text = last.path("content").stringValue("");
        if (last.path("role").stringValue("").equals("tool")) {
            exchange.say("The tool says ", text);
        } else if (text.startsWith("FAIL")) {
            exchange.json(500, "{\"error\":{\"message\":\"the model broke\"}}");
        } else if (text.startsWith("SILENT")) {
            exchange.hang();
        } else if (text.startsWith("HANG")) {
            exchange.stream();
            exchange.text("Once upon a time");
            exchange.hang();
        } else if (text.startsWith("BREAK")) {
            exchange.stream();
            exchange.text("Once upon a time");
            exchange.cut();
        } else if (text.startsWith("JSON")) {
            exchange.say("{\"said\":", "\"three\"}");
        } else if (text.startsWith("TOOL")) {
            callTool(exchange);
        } else {
            exchange.say("Echo: ", text);
        }
    }

    private static void callTool(Exchange exchange) throws IOException {
        exchange.stream();
        ObjectNode delta = Json.object().put("role", "assistant");
        delta.set(
                "tool_calls",
                Json.readObject("{\"x\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                                + "{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1,\\\"b\\\":2}\"}}]}")
                        .path("x"));
        exchange.delta(delta);
        exchange.finish("tool_calls");
        exchange.usage(20, 5);
        exchange.done();
    }

    static List<JsonNode> messages(ScriptedUpstream.Request request) {
        return StreamSupport.stream(request.json().path("messages").spliterator(), false)
                .toList();
    }

    /// What the server was asked in one request, each message as `role: text`.
    static List<String> conversation(ScriptedUpstream upstream, int request) {
        return messages(upstream.requests().get(request)).stream()
                .map(message -> message.path("role").stringValue() + ": "
                        + message.path("content").stringValue(""))
                .toList();
    }
}
