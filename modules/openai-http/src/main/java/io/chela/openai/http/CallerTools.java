package io.chela.openai.http;

import static io.chela.openai.http.Fields.malformed;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks the tools that a caller offers; they go to the model as they are, and so do its calls to the caller.
///
/// Source: OpenAI API reference, "Create chat completion", `tools` and `tool_choice`.
final class CallerTools {
    private static final Set<String> CHOICES = Set.of("auto", "none", "required");

    private CallerTools() {}

    static void check(Fields body) {
        body.refuse("functions", "is of an old API; use tools.");
        body.refuse("function_call", "is of an old API; use tool_choice.");
        body.flag("parallel_tool_calls");
        Set<String> names = body.at("tools").map(CallerTools::names).orElse(Set.of());
        body.at("tool_choice").ifPresent(choice -> choice(choice, names));
    }

    private static Set<String> names(JsonNode tools) {
        if (!tools.isArray()) {
            throw malformed("tools", "must be an array.");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tools.size(); i++) {
            names.add(name("tools[" + i + "]", tools.get(i)));
        }
        return names;
    }

    private static String name(String param, JsonNode given) {
        if (!(given instanceof ObjectNode tool)) {
            throw malformed(param, "must be an object.");
        }
        var fields = new Fields(param, tool);
        if (!fields.text("type").orElse("").equals("function")) {
            throw malformed(fields.name("type"), "must be function; other tools are not spoken here.");
        }
        return fields.object("function")
                .flatMap(function -> function.text("name"))
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> malformed(param + ".function.name", "is missing."));
    }

    private static void choice(JsonNode choice, Set<String> names) {
        if (choice.isString() && CHOICES.contains(choice.stringValue())) {
            if (choice.stringValue().equals("required") && names.isEmpty()) {
                throw malformed("tool_choice", "is required, but there are no tools.");
            }
        } else if (choice.path("type").stringValue("").equals("function")) {
            named(choice.path("function").path("name").stringValue(""), names);
        } else {
            throw malformed(
                    "tool_choice",
                    "must be auto, none, required or {\"type\":\"function\",\"function\":{\"name\":…}}.");
        }
    }

    private static void named(String name, Set<String> names) {
        if (!names.contains(name)) {
            throw malformed("tool_choice.function.name", "names none of the tools.");
        }
    }
}
