package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts the fragments of tool calls in order, for clients that join them by index and add text to text.
///
/// A call has one index, counted by us, and says its id, type and name once. Servers that name another id or
/// function under the same index mean another call; one that sends no id gets one from us.
/// Source: OpenAI API reference, "The chat completion chunk object", `tool_calls`.
final class ToolCallReader {
    private static final String FUNCTION = "function";

    private static final class Call {
        private final int index;
        private String id = "";
        private String name = "";
        private boolean isFunction = true;

        Call(int index) {
            this.index = index;
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Call> byId = new HashMap<>();
    private final Map<Integer, Call> byTheirIndex = new HashMap<>();

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /// What is wrong with the calls now that all has been said.
    Optional<String> fault() {
        return calls.stream().anyMatch(call -> call.isFunction && call.name.isEmpty())
                ? Optional.of("called a tool without its name.")
                : Optional.empty();
    }

    /// Reads one fragment.
    ///
    /// @param position its place in its array, for a whole message, which has no index
    ModelEvent.ToolCallDelta read(ObjectNode fragment, int position) {
        String id = text(fragment.path("id"));
        String name = text(fragment.path(FUNCTION).path("name"));
        Call call = find(fragment.path("index").intValue(position), id, name);
        ObjectNode json = Json.object().put("index", call.index);
        if (call.id.isEmpty()) {
            begin(call, id, fragment, json);
        }
        fragment.properties().stream()
                .filter(member -> !json.has(member.getKey()))
                .filter(member -> !List.of("id", "type", FUNCTION).contains(member.getKey()))
                .forEach(member -> json.set(member.getKey(), member.getValue()));
        if (fragment.get(FUNCTION) instanceof ObjectNode said) {
            json.set(FUNCTION, function(call, name, said));
        }
        return new ModelEvent.ToolCallDelta(json);
    }

    private Call find(int theirIndex, String id, String name) {
        Call known = id.isEmpty() ? byTheirIndex.get(theirIndex) : byId.get(id);
        if (known == null && !id.isEmpty()) {
            known = byTheirIndex.get(theirIndex);
            known = known == null || byId.containsKey(known.id) ? null : known; // its id was ours; theirs is late
        }
        boolean another =
                known != null && id.isEmpty() && !name.isEmpty() && !known.name.isEmpty() && !known.name.equals(name);
        if (known == null || another) {
            known = new Call(calls.size());
            calls.add(known);
        }
        byTheirIndex.put(theirIndex, known);
        return known;
    }

    private void begin(Call call, String id, ObjectNode fragment, ObjectNode json) {
        String type = text(fragment.path("type"));
        call.isFunction = type.isEmpty() || type.equals(FUNCTION);
        if (id.isEmpty()) {
            call.id = "call_" + UUID.randomUUID();
        } else {
            call.id = id;
            byId.put(id, call);
        }
        json.put("id", call.id).put("type", type.isEmpty() ? FUNCTION : type);
    }

    private static ObjectNode function(Call call, String name, ObjectNode said) {
        ObjectNode function = Json.object();
        if (call.name.isEmpty() && !name.isEmpty()) {
            call.name = name;
            function.put("name", name);
        }
        said.properties().stream()
                .filter(member -> !member.getKey().equals("name"))
                .forEach(member -> function.set(member.getKey(), member.getValue()));
        JsonNode arguments = said.path("arguments");
        if (arguments.isNull()) {
            function.remove("arguments");
        } else if (!arguments.isMissingNode() && !arguments.isString()) {
            function.put("arguments", Json.write(arguments)); // the API says: JSON as text
        }
        return function;
    }

    private static String text(JsonNode node) {
        return node.isIntegralNumber() ? node.toString() : node.stringValue("");
    }
}
