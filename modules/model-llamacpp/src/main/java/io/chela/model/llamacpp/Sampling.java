package io.chela.model.llamacpp;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of a request that a generation acts on; all others are ignored.
///
/// Every value is checked here, since llama.cpp answers some wrong ones by ending its process.
/// Source: OpenAI API reference, "Create chat completion".
///
/// @param maxTokens the most tokens of the answer, at least 1
/// @param temperature 0 to 2; 0 always takes the likeliest token
/// @param seed makes the answer repeat: at temperature 0 exactly, since the prompt cache is then off
record Sampling(
        int maxTokens,
        double temperature,
        double topP,
        Optional<Integer> seed,
        List<String> stop,
        double frequencyPenalty,
        double presencePenalty) {
    static final double DEFAULT_TEMPERATURE = 0.8;
    static final double DEFAULT_TOP_P = 0.95;
    static final int MAX_STOPS = 4;

    /// The longest stop string, in characters.
    static final int MAX_STOP_LENGTH = 1024;

    Sampling {
        stop = List.copyOf(stop);
    }

    /// Reads the members of a request; what is absent or null takes its default.
    ///
    /// @throws ProblemException `Malformed` when a value is out of its range
    static Sampling read(ObjectNode parameters, int defaultMaxTokens) {
        Optional<Integer> max = positive(parameters, "max_completion_tokens");
        Optional<Integer> olderMax = positive(parameters, "max_tokens");
        return new Sampling(
                max.or(() -> olderMax).orElse(defaultMaxTokens),
                number(parameters, "temperature", DEFAULT_TEMPERATURE, 0, 2),
                number(parameters, "top_p", DEFAULT_TOP_P, 0, 1),
                seed(parameters),
                stop(parameters.path("stop")),
                number(parameters, "frequency_penalty", 0, -2, 2),
                number(parameters, "presence_penalty", 0, -2, 2));
    }

    /// The same in the shape that [#read] reads.
    ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("max_tokens", maxTokens)
                .put("temperature", temperature)
                .put("top_p", topP)
                .put("frequency_penalty", frequencyPenalty)
                .put("presence_penalty", presencePenalty);
        seed.ifPresent(value -> json.put("seed", value.intValue()));
        stop.forEach(json.putArray("stop")::add);
        return json;
    }

    private static Optional<Integer> positive(ObjectNode parameters, String member) {
        JsonNode value = parameters.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || value.decimalValue().signum() <= 0) {
            throw malformed(member, "must be a whole number of at least 1");
        }
        return Optional.of(value.canConvertToInt() ? value.intValue() : Integer.MAX_VALUE);
    }

    private static double number(ObjectNode parameters, String member, double fallback, int min, int max) {
        JsonNode value = parameters.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        // Compared before it is converted: 1e9999 is a number too.
        if (!value.isNumber()
                || value.decimalValue().compareTo(BigDecimal.valueOf(min)) < 0
                || value.decimalValue().compareTo(BigDecimal.valueOf(max)) > 0) {
            throw malformed(member, "must be a number from " + min + " to " + max);
        }
        return value.decimalValue().doubleValue();
    }

    /// Any 64-bit seed, folded to the 31 bits that llama.cpp takes (a negative one means "random" there).
    private static Optional<Integer> seed(ObjectNode parameters) {
        JsonNode value = parameters.path("seed");
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw malformed("seed", "must be a whole number of at most 64 bits");
        }
        return Optional.of(Long.hashCode(value.longValue()) & Integer.MAX_VALUE);
    }

    private static List<String> stop(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(stop -> stops.add(stopText(stop)));
        } else {
            stops.add(stopText(value));
        }
        if (stops.size() > MAX_STOPS) {
            throw malformed("stop", "may hold up to " + MAX_STOPS + " strings");
        }
        return stops;
    }

    private static String stopText(JsonNode value) {
        String text = value.stringValue("");
        if (text.isEmpty() || text.length() > MAX_STOP_LENGTH) {
            throw malformed("stop", "must be a string or a list of strings, each of 1 to 1024 characters");
        }
        return ChatMl.clean(text);
    }

    private static ProblemException malformed(String member, String rule) {
        return new ProblemException(new Problem.Malformed(member, "'" + member + "' " + rule + "."));
    }
}
