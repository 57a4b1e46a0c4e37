package io.chela.agent.runtime;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One member of a model's message that nobody here acts on, joined from its fragments: texts and arrays
/// are put together, of anything else the last one counts. For one thread at a time.
final class Extra {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final StringBuilder text = new StringBuilder();
    private final ArrayNode elements = NODES.arrayNode();
    private Optional<JsonNode> other = Optional.empty();

    void add(JsonNode fragment) {
        if (fragment.isString()) {
            text.append(fragment.stringValue());
            other = Optional.empty();
        } else if (fragment instanceof ArrayNode more) {
            other = Optional.of(elements.addAll(more));
        } else {
            other = Optional.of(fragment);
        }
    }

    JsonNode json() {
        return other.map(JsonNode::deepCopy).orElseGet(() -> NODES.stringNode(text.toString()));
    }
}
