package io.chela.app;

import io.chela.api.Json;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Compares JSON with the shape of a recording: `"string"`, `"number"`, `"boolean"` and `"null"` stand for any value of
/// that type, `"=text"` for that very text.
final class Shape {
    /// What our errors add to the recorded ones.
    private static final Set<String> ADDED = Set.of("param", "code");

    private Shape() {}

    /// Where the two differ first; empty when ours has the shape.
    static Optional<String> difference(JsonNode shape, JsonNode ours) {
        return difference("$", shape, ours);
    }

    private static Optional<String> difference(String at, JsonNode shape, JsonNode ours) {
        if (shape.isObject()) {
            return ours.isObject() ? members(at, shape, ours) : Optional.of(at + " is no object: " + Json.write(ours));
        }
        if (shape.isArray()) {
            return elements(at, shape, ours);
        }
        return matches(shape.stringValue(), ours)
                ? Optional.empty()
                : Optional.of(at + " is " + Json.write(ours) + ", not " + shape.stringValue());
    }

    private static Optional<String> members(String at, JsonNode shape, JsonNode ours) {
        for (String name : ours.propertyNames()) {
            if (!shape.has(name) && !(at.endsWith(".error") && ADDED.contains(name))) {
                return Optional.of(at + "." + name + " was not recorded");
            }
        }
        return shape.properties().stream()
                .flatMap(member ->
                        difference(at + "." + member.getKey(), member.getValue(), ours.path(member.getKey())).stream())
                .findFirst();
    }

    private static Optional<String> elements(String at, JsonNode shape, JsonNode ours) {
        if (ours.size() != shape.size()) {
            return Optional.of(at + " has " + ours.size() + " elements, not " + shape.size());
        }
        for (int i = 0; i < shape.size(); i++) {
            var found = difference(at + "[" + i + "]", shape.get(i), ours.get(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean matches(String shape, JsonNode ours) {
        return switch (shape) {
            case "string" -> ours.isString();
            case "number" -> ours.isNumber();
            case "boolean" -> ours.isBoolean();
            case "null" -> ours.isNull();
            default -> shape.equals("=" + (ours.isString() ? ours.stringValue() : Json.write(ours)));
        };
    }
}
