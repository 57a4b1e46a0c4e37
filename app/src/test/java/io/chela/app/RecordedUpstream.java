package io.chela.app;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A model server that does what the one behind the recordings did, by the `[[mock:…]]` word in what the user says.
final class RecordedUpstream {
    private static final Pattern WORD = Pattern.compile("\\[\\[mock:([^\\]]*)]]");

    /// Recorded pauses of up to 20 s are played as this.
    private static final long PAUSE_MILLIS = 200;

    private final Set<String> dropped = ConcurrentHashMap.newKeySet();

    ScriptedUpstream start() {
        return ScriptedUpstream.answering(this::answer);
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        String word = word(exchange.request().json());
        switch (word.split(":")[0]) {
            case "err401" -> error(exchange, 401, "Incorrect API key provided: sk-bad", "authentication_error");
            case "err404" -> error(exchange, 404, "The model `m9` does not exist", "invalid_request_error");
            case "err400" -> error(exchange, 400, "Invalid value for temperature", "invalid_request_error");
            case "err429" ->
                exchange.json(429, body("Rate limit reached for requests", "rate_limit_error"), "Retry-After: 7");
            case "err503" -> error(exchange, 503, "The server is overloaded", "server_error");
            case "ctx" ->
                error(exchange, 400, "This model's maximum context length is 100 tokens.", "invalid_request_error");
            case "drop0" -> exchange.cut();
            case "hang", "long" -> exchange.hang();
            case "truncate" -> truncated(exchange);
            case "sseerr" -> brokenOff(exchange);
            case "droponce" -> dropOnce(exchange, word);
            case "length" -> say(exchange, "length", "Echo:", " cut");
            case "empty" -> say(exchange, "stop");
            case "tool" -> call(exchange, "Pune");
            case "tool2" -> call(exchange, "Pune", "Mumbai");
            case "slow" -> {
                Thread.sleep(PAUSE_MILLIS);
                say(exchange, "stop", "Echo:", " late");
            }
            default -> say(exchange, "stop", "Echo:", " here");
        }
    }

    private static String word(JsonNode request) {
        JsonNode messages = request.path("messages");
        var found = WORD.matcher(Json.write(messages.path(messages.size() - 1)));
        return found.find() ? found.group(1) : "echo";
    }

    private static void error(Exchange exchange, int status, String message, String type) throws IOException {
        exchange.json(status, body(message, type));
    }

    private static String body(String message, String type) {
        var body = Json.object();
        body.putObject("error").put("message", message).put("type", type);
        return Json.write(body);
    }

    private static void truncated(Exchange exchange) throws IOException {
        begin(exchange);
        exchange.end();
    }

    private static void brokenOff(Exchange exchange) throws IOException {
        begin(exchange);
        exchange.event(body("The server had an error", "server_error"));
        exchange.end();
    }

    private void dropOnce(Exchange exchange, String word) throws IOException {
        if (dropped.add(word)) {
            begin(exchange);
            exchange.cut();
        }
        say(exchange, "stop", "Echo:", " again");
    }

    private static void begin(Exchange exchange) throws IOException {
        exchange.stream();
        exchange.delta(Json.object().put("role", "assistant").put("content", ""));
        exchange.text("Echo:");
        exchange.text(" some");
    }

    private static void say(Exchange exchange, String reason, String... pieces) throws IOException {
        exchange.stream();
        exchange.delta(Json.object().put("role", "assistant").put("content", ""));
        for (String piece : pieces) {
            exchange.text(piece);
        }
        finish(exchange, reason);
    }

    private static void call(Exchange exchange, String... cities) throws IOException {
        exchange.stream();
        exchange.delta(Json.object().put("role", "assistant").putNull("content"));
        exchange.text("Let me look.");
        for (String city : cities) {
            int index = List.of(cities).indexOf(city);
            fragment(exchange, index, "call_" + index, "get_weather", "");
            fragment(exchange, index, "", "", "{\"city\":\"" + city + "\"}");
        }
        finish(exchange, "tool_calls");
    }

    private static void fragment(Exchange exchange, int index, String id, String name, String arguments)
            throws IOException {
        var delta = Json.object();
        var call = delta.putArray("tool_calls").addObject().put("index", index);
        if (!id.isEmpty()) {
            call.put("id", id).put("type", "function");
        }
        var function = call.putObject("function");
        if (!name.isEmpty()) {
            function.put("name", name);
        }
        function.put("arguments", arguments);
        exchange.delta(delta);
    }

    private static void finish(Exchange exchange, String reason) throws IOException {
        exchange.finish(reason);
        exchange.event(
                "{\"id\":\"up\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,"
                        + "\"completion_tokens\":3,\"total_tokens\":14,\"prompt_tokens_details\":{\"cached_tokens\":3}}}");
        exchange.done();
    }
}
