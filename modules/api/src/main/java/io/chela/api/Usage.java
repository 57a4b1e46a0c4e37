package io.chela.api;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model says a reply cost, in tokens.
///
/// @param json the model's own `usage` object, with details such as `prompt_tokens_details`; not to be
///     changed
public record Usage(ObjectNode json) {
    /// What is larger is no count, and sums stay within a long. A double holds every whole number up to it.
    private static final long MAX_COUNT = 1L << 53;

    private static final String PROMPT = "prompt_tokens";
    private static final String COMPLETION = "completion_tokens";
    private static final String TOTAL = "total_tokens";
    private static final List<String> DETAILS = List.of("prompt_tokens_details", "completion_tokens_details");

    public static Usage of(long promptTokens, long completionTokens) {
        return new Usage(JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens));
    }

    /// Reads a `usage` member; empty when it is absent, null or has no whole token counts.
    ///
    /// Of the members that clients take for counts, those that are none are left out.
    public static Optional<Usage> read(JsonNode usage) {
        if (!(usage instanceof ObjectNode object) || !isCount(object, PROMPT) || !isCount(object, COMPLETION)) {
            return Optional.empty();
        }
        boolean sound = isCount(object, TOTAL) && DETAILS.stream().allMatch(name -> areCounts(object.path(name)));
        return Optional.of(new Usage(sound ? object : sound(object)));
    }

    private static ObjectNode sound(ObjectNode usage) {
        ObjectNode sound = usage.deepCopy();
        DETAILS.stream().filter(name -> !areCounts(sound.path(name))).forEach(sound::remove);
        return isCount(sound, TOTAL)
                ? sound
                : sound.put(
                        TOTAL,
                        sound.path(PROMPT).longValue() + sound.path(COMPLETION).longValue());
    }

    private static boolean isCount(ObjectNode usage, String member) {
        JsonNode count = usage.path(member);
        return isCount(count) && count.longValue() >= 0 && count.longValue() <= MAX_COUNT;
    }

    private static boolean areCounts(JsonNode details) {
        return details.isMissingNode()
                || details.isNull()
                || (details instanceof ObjectNode object
                        && object.properties().stream()
                                .allMatch(member -> member.getValue().isNull() || isCount(object, member.getKey())));
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
