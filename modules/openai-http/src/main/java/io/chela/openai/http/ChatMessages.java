package io.chela.openai.http;

import static io.chela.openai.http.Fields.malformed;

import io.chela.api.Message;
import io.chela.api.Role;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads `messages`. What is right is kept whole, whatever else it holds.
///
/// Source: OpenAI API reference, "Create chat completion", `messages`.
final class ChatMessages {
    private ChatMessages() {}

    static List<Message> read(JsonNode given) {
        if (!given.isArray()) {
            throw malformed("messages", given.isMissingNode() ? "is missing." : "must be an array.");
        }
        if (given.isEmpty()) {
            throw malformed("messages", "is empty; it needs at least one message.");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : given) {
            messages.add(message("messages[" + messages.size() + "]", message));
        }
        Images.checkQuestion(messages);
        return messages;
    }

    private static Message message(String param, JsonNode given) {
        if (!(given instanceof ObjectNode message)) {
            throw malformed(param, "must be an object.");
        }
        String role = message.path("role").stringValue("");
        if (role.equals("function")) {
            throw malformed(
                    param + ".role", "is of an old API; give a tool's result the role tool and its tool_call_id.");
        }
        if (Role.parse(role).isEmpty()) {
            throw malformed(param + ".role", "must be one of system, developer, user, assistant, tool.");
        }
        content(param + ".content", message.path("content"));
        toolCalls(param + ".tool_calls", message.path("tool_calls"));
        return new Message(message);
    }

    private static void content(String param, JsonNode content) {
        if (content.isMissingNode() || content.isNull() || content.isString()) {
            return;
        }
        if (!content.isArray()) {
            throw malformed(param, "must be a string or an array of parts.");
        }
        for (int i = 0; i < content.size(); i++) {
            part(param + "[" + i + "]", content.get(i));
        }
    }

    /// Parts that are not known here, such as `input_audio` and `file`, go to the model unchanged.
    private static void part(String param, JsonNode part) {
        switch (part.path("type").stringValue("")) {
            case "" -> throw malformed(param, "must be an object with a type.");
            case "text", "input_text" -> {
                if (!part.path("text").isString()) {
                    throw malformed(param + ".text", "must be a string.");
                }
            }
            case "image_url" -> Images.check(param + ".image_url", part.path("image_url"));
            default -> {}
        }
    }

    private static void toolCalls(String param, JsonNode calls) {
        if (calls.isMissingNode() || calls.isNull()) {
            return;
        }
        if (!calls.isArray()) {
            throw malformed(param, "must be an array.");
        }
        for (int i = 0; i < calls.size(); i++) {
            if (!calls.get(i).path("id").isString()
                    || !calls.get(i).path("function").path("name").isString()) {
                throw malformed(param + "[" + i + "]", "must have an id and a function with a name.");
            }
        }
    }
}
