package io.chela.app;

import io.helidon.config.spi.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${NAME}` and `${NAME:-default}` by what the environment says.
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Map<String, String> environment;
    private final List<String> mistakes = new ArrayList<>();

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /// Every variable that neither the environment nor a default gives a value, with its path.
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    ConfigNode.ObjectNode resolve(ConfigNode.ObjectNode object) {
        return object("", object);
    }

    private ConfigNode.ObjectNode object(String path, ConfigNode.ObjectNode object) {
        var resolved = ConfigNode.ObjectNode.builder();
        object.forEach((key, node) -> {
            String below = path.isEmpty() ? key : path + "." + key;
            switch (node) {
                case ConfigNode.ObjectNode child -> resolved.addObject(key, object(below, child));
                case ConfigNode.ListNode list -> resolved.addList(key, list(below, list));
                default -> resolved.addValue(key, text(below, node.value().orElse("")));
            }
        });
        return resolved.build();
    }

    private ConfigNode.ListNode list(String path, ConfigNode.ListNode list) {
        var resolved = ConfigNode.ListNode.builder();
        for (int i = 0; i < list.size(); i++) {
            String below = path + "[" + i + "]";
            switch (list.get(i)) {
                case ConfigNode.ObjectNode child -> resolved.addObject(object(below, child));
                case ConfigNode.ListNode child -> resolved.addList(list(below, child));
                default -> resolved.addValue(text(below, list.get(i).value().orElse("")));
            }
        }
        return resolved.build();
    }

    private String text(String path, String text) {
        Matcher variable = VARIABLE.matcher(text);
        return variable.replaceAll(match -> Matcher.quoteReplacement(value(path, match.group(1), match.group(2))));
    }

    private String value(String path, String name, @org.jspecify.annotations.Nullable String fallback) {
        String value = environment.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        if (fallback == null) {
            mistakes.add(path + ": the environment variable " + name + " is not set; set it, or write ${" + name
                    + ":-default}");
        }
        return fallback == null ? "" : fallback;
    }
}
