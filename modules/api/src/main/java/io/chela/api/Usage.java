package io.chela.api;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model says a reply cost, in tokens.
///
/// @param json the model's own `usage` object, with details such as `prompt_tokens_details`; not to be changed
public record Usage(ObjectNode json) {
    public static Usage of(long promptTokens, long completionTokens) {
        return new Usage(JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens));
    }

    /// Reads a `usage` member; empty when it is absent, null or has no whole token counts.
    public static Optional<Usage> read(JsonNode usage) {
        return usage instanceof ObjectNode object
                        && object.path("prompt_tokens").canConvertToLong()
                        && object.path("completion_tokens").canConvertToLong()
                ? Optional.of(new Usage(object))
                : Optional.empty();
    }

    public long promptTokens() {
        return json.path("prompt_tokens").longValue(0);
    }

    public long completionTokens() {
        return json.path("completion_tokens").longValue(0);
    }

    public long totalTokens() {
        return json.path("total_tokens").longValue(promptTokens() + completionTokens());
    }
}
