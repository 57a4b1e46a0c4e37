package io.chela.api;

import tools.jackson.databind.JsonNode;

/// One part of a message's content. Source: OpenAI API reference, "Create chat completion", content parts.
public sealed interface ContentPart {
    /// Plain text, as the author wrote it.
    record Text(String text) implements ContentPart {}

    /// A picture: a `data:` URL, or a link.
    record Image(String url) implements ContentPart {}

    /// A kind of part this version has no word for, as it came.
    record Unknown(String type, JsonNode json) implements ContentPart {}
}
