package io.chela.openai.http;

import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
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
        ObjectNode parameters = body.deepCopy();
        parameters.remove(OURS);
        refuseMoreThanOneChoice(body);
        return new ChatRequest(
                text(body, "model"),
                messages(body.path("messages")),
                flag(body, "stream", "stream"),
                flag(streamOptions(body), "include_usage", "stream_options.include_usage"),
                text(body, "user"),
                parameters);
    }

    private static void refuseMoreThanOneChoice(ObjectNode body) {
        JsonNode choices = body.path("n");
        if (isGiven(choices) && !(choices.isIntegralNumber() && choices.canConvertToInt() && choices.intValue() == 1)) {
            throw malformed("n", "must be 1; ask again for another answer.");
        }
    }

    private static ObjectNode streamOptions(ObjectNode body) {
        JsonNode options = body.path("stream_options");
        if (isGiven(options) && !options.isObject()) {
            throw malformed("stream_options", "must be an object.");
        }
        return options instanceof ObjectNode object ? object : io.chela.api.Json.object();
    }

    private static List<Message> messages(JsonNode given) {
        if (!given.isArray()) {
            throw malformed("messages", given.isMissingNode() ? "is missing." : "must be an array.");
        }
        if (given.isEmpty()) {
            throw malformed("messages", "is empty; it needs at least one message.");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : given) {
            messages.add(message(message, "messages[" + messages.size() + "]"));
        }
        return messages;
    }

    private static Message message(JsonNode given, String param) {
        if (!(given instanceof ObjectNode message)) {
            throw malformed(param, "must be an object.");
        }
        if (Role.parse(message.path("role").stringValue("")).isEmpty()) {
            throw malformed(param + ".role", "must be one of system, developer, user, assistant, tool.");
        }
        JsonNode content = message.path("content");
        if (isGiven(content) && !content.isString() && !content.isArray()) {
            throw malformed(param + ".content", "must be a string or an array of parts.");
        }
        for (int i = 0; i < content.size(); i++) {
            if (!content.get(i).path("type").isString()) {
                throw malformed(param + ".content[" + i + "]", "must be an object with a type.");
            }
        }
        return new Message(message);
    }

    private static Optional<String> text(ObjectNode body, String member) {
        JsonNode value = body.path(member);
        if (isGiven(value) && !value.isString()) {
            throw malformed(member, "must be a string.");
        }
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static boolean flag(ObjectNode body, String member, String param) {
        JsonNode value = body.path(member);
        if (isGiven(value) && !value.isBoolean()) {
            throw malformed(param, "must be true or false.");
        }
        return value.booleanValue(false);
    }

    private static boolean isGiven(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static ProblemException malformed(String param, String reason) {
        return new ProblemException(new Problem.Malformed(param, "`" + param + "` " + reason));
    }
}
