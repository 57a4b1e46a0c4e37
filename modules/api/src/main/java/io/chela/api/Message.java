package io.chela.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One message of a conversation, kept in the shape of the OpenAI chat API.
///
/// The JSON is kept whole, so that members nobody here acts on (`name`, `refusal`, a vendor's own) reach the
/// model
/// unchanged and text stays the same byte for byte. The node belongs to the message: do not change it.
/// Source: OpenAI API reference, "Create chat completion", `messages`.
public record Message(ObjectNode json) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    public Message {
        if (Role.parse(json.path("role").stringValue("")).isEmpty()) {
            throw new IllegalArgumentException("a message has a role");
        }
    }

    public static Message of(Role role, String text) {
        return new Message(NODES.objectNode().put("role", role.wire()).put("content", text));
    }

    public Role role() {
        return Role.parse(json.path("role").stringValue("")).orElseThrow();
    }

    /// The content as parts; a plain string is one [ContentPart.Text], no content is an empty list.
    public List<ContentPart> parts() {
        JsonNode content = json.path("content");
        if (content.isString()) {
            return List.of(new ContentPart.Text(content.stringValue()));
        }
        List<ContentPart> parts = new ArrayList<>();
        for (JsonNode part : content) {
            parts.add(part(part));
        }
        return List.copyOf(parts);
    }

    private static ContentPart part(JsonNode json) {
        String type = json.path("type").stringValue("");
        return switch (type) {
            case "text", "input_text" -> new ContentPart.Text(json.path("text").stringValue(""));
            case "image_url" -> {
                JsonNode image = json.path("image_url");
                yield new ContentPart.Image(
                        image.isString()
                                ? image.stringValue()
                                : image.path("url").stringValue(""));
            }
            default -> new ContentPart.Unknown(type, json);
        };
    }

    /// The text parts, joined by line breaks.
    public String text() {
        return parts().stream()
                .filter(ContentPart.Text.class::isInstance)
                .map(part -> ((ContentPart.Text) part).text())
                .collect(Collectors.joining("\n"));
    }

    /// The tool calls of an assistant's message; empty for every other.
    public List<ToolCall> toolCalls() {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : json.path("tool_calls")) {
            JsonNode function = call.path("function");
            calls.add(new ToolCall(
                    call.path("id").stringValue(""),
                    function.path("name").stringValue(""),
                    function.path("arguments").stringValue("")));
        }
        return List.copyOf(calls);
    }
}
