package io.chela.api;

import java.util.Map;
import java.util.Map.Entry;
import tools.jackson.core.JacksonException;

/// Says in our words which rule a text breaks that the parser refused.
final class JsonFaults {
    /// What tells the rule in the parser's words, and the rule.
    private static final Map<String, String> RULES = Map.of(
            "getMaxNestingDepth",
            "is nested deeper than " + Json.MAX_DEPTH + " levels",
            "getMaxNumberLength",
            "has a number of more than " + Json.MAX_NUMBER_LENGTH + " digits",
            "getMaxNameLength",
            "has a name of more than " + Json.MAX_NAME_LENGTH + " characters",
            "getMaxTokenCount",
            "has more than " + Json.MAX_TOKENS + " names and values",
            "Duplicate Object property",
            "has a member twice in one object",
            "CTRL-CHAR",
            "has a control character that is not escaped",
            "Trailing token",
            "goes on after its end",
            "Unexpected end-of-input",
            "ends too early");

    private JsonFaults() {}

    /// One sentence, with the place where it is known.
    static String sentence(JacksonException e) {
        String words = String.valueOf(e.getOriginalMessage());
        String rule = RULES.entrySet().stream()
                .filter(known -> words.contains(known.getKey()))
                .map(Entry::getValue)
                .findFirst()
                .orElse("is not valid");
        var at = e.getLocation();
        return "The JSON " + rule
                + (at == null || at.getLineNr() < 1
                        ? "."
                        : ": see line " + at.getLineNr() + ", column " + at.getColumnNr() + ".");
    }
}
