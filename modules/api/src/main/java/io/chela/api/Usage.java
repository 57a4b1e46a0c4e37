package io.chela.api;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model says a reply cost, in tokens.
///
/// @param json the model's own `usage` object, with details such as `prompt_tokens_details`; not to be
///     changed
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

    /// What two calls cost together: every count that either names is the sum of both, also within details;
    /// of anything else the later word counts.
    public Usage plus(Usage later) {
        return new Usage(sum(json, later.json).put("total_tokens", totalTokens() + later.totalTokens()));
    }

    private static ObjectNode sum(ObjectNode before, ObjectNode after) {
        ObjectNode sum = before.deepCopy();
        after.properties().forEach(member -> {
            JsonNode known = sum.path(member.getKey());
            JsonNode added = member.getValue();
            if (known instanceof ObjectNode left && added instanceof ObjectNode right) {
                sum.set(member.getKey(), sum(left, right));
            } else if (isCount(known) && isCount(added)) {
                sum.put(member.getKey(), known.longValue() + added.longValue());
            } else if (known.isMissingNode() || !added.isNull()) {
                sum.set(member.getKey(), added);
            }
        });
        return sum;
    }

    private static boolean isCount(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
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
