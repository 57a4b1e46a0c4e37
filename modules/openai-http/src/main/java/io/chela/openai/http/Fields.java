package io.chela.openai.http;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the members of one object and refuses what is wrong by its name; null counts as absent.
///
/// @param path where the object is, such as `tools[0].function`; empty for the body itself
record Fields(String path, ObjectNode json) {
    /// The largest integer that every client can hold: 2^53 - 1.
    private static final BigDecimal MAX_SAFE = new BigDecimal("9007199254740991");

    static Fields of(ObjectNode body) {
        return new Fields("", body);
    }

    String name(String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    /// The member; empty when it is absent or null.
    Optional<JsonNode> at(String member) {
        JsonNode value = json.path(member);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String member) {
        return at(member).map(value -> {
            if (!value.isString()) {
                throw malformed(name(member), "must be a string.");
            }
            return value.stringValue();
        });
    }

    boolean flag(String member) {
        return at(member)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw malformed(name(member), "must be true or false.");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    Optional<Fields> object(String member) {
        return at(member).map(value -> {
            if (!(value instanceof ObjectNode object)) {
                throw malformed(name(member), "must be an object.");
            }
            return new Fields(name(member), object);
        });
    }

    void number(String member, String least, String most) {
        at(member).ifPresent(value -> {
            if (!value.isNumber() || !isBetween(value.decimalValue(), least, most)) {
                throw malformed(name(member), "must be a number from " + least + " to " + most + ".");
            }
        });
    }

    void integer(String member) {
        at(member).ifPresent(value -> {
            if (!value.isIntegralNumber()) {
                throw malformed(name(member), "must be an integer.");
            }
        });
    }

    void positiveInteger(String member) {
        at(member).ifPresent(value -> {
            boolean good = value.isIntegralNumber()
                    && value.decimalValue().signum() > 0
                    && value.decimalValue().compareTo(MAX_SAFE) <= 0;
            if (!good) {
                throw malformed(name(member), "must be a positive integer.");
            }
        });
    }

    /// Refuses a member that is not spoken here.
    void refuse(String member, String instead) {
        if (at(member).isPresent()) {
            throw malformed(name(member), instead);
        }
    }

    private static boolean isBetween(BigDecimal value, String least, String most) {
        return value.compareTo(new BigDecimal(least)) >= 0 && value.compareTo(new BigDecimal(most)) <= 0;
    }

    static ProblemException malformed(String param, String reason) {
        return new ProblemException(new Problem.Malformed(param, "`" + param + "` " + reason));
    }
}
