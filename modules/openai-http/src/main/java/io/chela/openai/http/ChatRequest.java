package io.chela.openai.http;

import io.chela.api.Json;
import io.chela.api.Message;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Reads one `chat.completions` request.
///
/// Members it does not act on are kept and sent to the model unchanged, so a field added tomorrow works today.
/// Refuses with `Problem.Malformed` (param and reason), never with a parser's own words.
/// Source: OpenAI API reference, "Create chat completion".
///
/// @param model the value as the caller wrote it; empty when absent
/// @param parameters the members for the model
record ChatRequest(
        Optional<String> model,
        List<Message> messages,
        boolean stream,
        boolean includeUsage,
        Optional<String> user,
        ObjectNode parameters) {
    private static final Set<String> OURS = Set.of("model", "messages", "stream", "user");

    static ChatRequest read(ObjectNode body) {
        Fields fields = Fields.of(body);
        var request = new ChatRequest(
                fields.text("model"),
                ChatMessages.read(body.path("messages")),
                fields.flag("stream"),
                fields.object("stream_options")
                        .map(options -> options.flag("include_usage"))
                        .orElse(false),
                fields.text("user"),
                parameters(body));
        Sampling.check(fields);
        CallerTools.check(fields);
        return request;
    }

    private static ObjectNode parameters(ObjectNode body) {
        ObjectNode parameters = Json.object();
        body.properties().stream()
                .filter(member -> !OURS.contains(member.getKey()))
                .forEach(member -> parameters.set(member.getKey(), member.getValue()));
        return parameters;
    }
}
