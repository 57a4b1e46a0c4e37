package io.chela.openai.http;

import static io.chela.openai.http.Fields.malformed;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Checks the members that say how a model answers; they go to the model as they are.
///
/// Source: OpenAI API reference, "Create chat completion".
final class Sampling {
    private static final int MAX_STOPS = 4;
    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

    private Sampling() {}

    static void check(Fields body) {
        body.positiveInteger("max_tokens");
        body.positiveInteger("max_completion_tokens");
        responseFormat(body);
        stop(body);
        body.number("temperature", "0", "2");
        body.number("top_p", "0", "1");
        body.number("frequency_penalty", "-2", "2");
        body.number("presence_penalty", "-2", "2");
        body.integer("seed");
        oneChoice(body);
        if (body.flag("logprobs")) {
            throw malformed("logprobs", "must be false; an agent's answer has none.");
        }
    }

    private static void responseFormat(Fields body) {
        body.object("response_format").ifPresent(format -> {
            if (!FORMATS.contains(format.text("type").orElse(""))) {
                throw malformed(format.name("type"), "must be text, json_object or json_schema.");
            }
        });
    }

    private static void stop(Fields body) {
        body.at("stop").ifPresent(stop -> {
            boolean good = stop.isArray()
                    ? stop.size() <= MAX_STOPS && stop.valueStream().allMatch(Sampling::isText)
                    : isText(stop);
            if (!good) {
                throw malformed("stop", "must be a text or up to " + MAX_STOPS + " of them, none empty.");
            }
        });
    }

    private static boolean isText(JsonNode stop) {
        return stop.isString() && !stop.stringValue().isEmpty();
    }

    private static void oneChoice(Fields body) {
        body.at("n").ifPresent(n -> {
            if (!(n.isIntegralNumber() && n.canConvertToInt() && n.intValue() == 1)) {
                throw malformed("n", "must be 1; ask again for another answer.");
            }
        });
    }
}
