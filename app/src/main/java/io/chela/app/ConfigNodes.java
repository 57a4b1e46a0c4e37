package io.chela.app;

import io.helidon.config.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A configuration as a flat list, to be compared with another one: the path of each plain value, and of each object
/// and list that is empty, with what it is.
///
/// @param all by their paths as people write them: `agents.list[0].id`; values are secrets too, so it is
///     never shown
record ConfigNodes(Map<String, String> all) {
    /// All below a node, whose own path does not count.
    static ConfigNodes of(Config config) {
        Map<String, String> nodes = new LinkedHashMap<>();
        if (config.exists()) {
            config.detach()
                    .traverse()
                    .filter(node -> !node.key().isRoot() && isEnd(node))
                    .forEach(node -> nodes.put(
                            path(node), node.type() + ":" + node.asString().orElse("")));
        }
        return new ConfigNodes(nodes);
    }

    private static boolean isEnd(Config node) {
        return node.isLeaf() || node.asNodeList().orElse(List.of()).isEmpty();
    }

    private static String path(Config node) {
        return Config.Key.unescapeName(node.key().toString().replaceAll("\\.(\\d+)(?=\\.|$)", "[$1]"));
    }

    /// The paths of values that are there in one of both only, or are another; never a value.
    List<String> differences(ConfigNodes other) {
        List<String> paths = new ArrayList<>();
        other.all.forEach((path, value) -> {
            if (!value.equals(all.get(path))) {
                paths.add(path);
            }
        });
        all.keySet().stream().filter(path -> !other.all.containsKey(path)).forEach(paths::add);
        return paths;
    }

    @Override
    public String toString() {
        return "ConfigNodes[" + all.size() + "]";
    }
}
