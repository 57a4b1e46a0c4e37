package io.chela.app.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/// Says in our words what the YAML parser stumbled over: its own repeat what the file says, which may be a
/// secret.
final class YamlWords {
    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("'\\t'", "a tab cannot indent; use blanks");
        WORDS.put("\\t(TAB)", "a tab cannot indent; use blanks");
        WORDS.put("cannot start any token", "a value that begins with this character must stand in quotes");
        WORDS.put("undefined alias", "a value that begins with * must stand in quotes, unless it repeats an &anchor");
        WORDS.put("mapping values are not allowed", "a second ': ' in one line; put the value in quotes, or indent it");
        WORDS.put("<block end>", "the indentation does not fit the lines above");
        WORDS.put("',' or '", "a , is missing, or the closing ] or }");
        WORDS.put("unexpected end of stream", "a quote is not closed");
        WORDS.put("expected a single document", "a second document (---) begins; a file holds one");
        WORDS.put("but found another document", "a second document (---) begins; a file holds one");
        WORDS.put("could not find expected ':'", "a ':' is missing after a name");
        WORDS.put("Nesting Depth", "deeper than " + Documents.MAX_DEPTH + " levels");
        WORDS.put("aliases for non-scalar", "too many aliases of objects and lists");
        WORDS.put("escape character", "a \\ in double quotes must be written \\\\");
        WORDS.put("tag handle", "a value that begins with ! must stand in quotes");
    }

    private YamlWords() {}

    static String of(YAMLException e) {
        if (e instanceof ReaderException character) {
            return "a character that no text has (U+" + String.format("%04X", character.getCodePoint())
                    + ") stands in it; remove it";
        }
        String said = e instanceof MarkedYAMLException marked
                ? marked.getProblem() + " " + marked.getContext()
                : String.valueOf(e.getMessage());
        return WORDS.entrySet().stream()
                .filter(word -> said.contains(word.getKey()))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse("is no YAML from here on");
    }
}
