package io.chela.app;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Finds what Helidon's reader would take in silence: a key given twice, of which the last would win, a name that it
/// would split at its dots, a text that contains itself, and aliases that make few lines a tree without end.
final class YamlCheck {
    /// How many values a file may have, those that an alias repeats counted each time.
    static final int MAX_VALUES = 100_000;

    private final List<String> mistakes = new ArrayList<>();
    private final Set<Object> within = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    private YamlCheck() {}

    /// Checks a whole file.
    ///
    /// @return the mistakes, each with its path; empty when there are none, also for an empty file
    /// @throws YAMLException when it is no YAML; the message names line and column
    static List<String> mistakes(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(ConfigFile.MAX_BYTES);
        Object root;
        try {
            root = new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException e) {
            throw e;
        } catch (RuntimeException _) { // the library casts what a tag such as !!set stands before, without looking
            return List.of("the file has a tag (!!) that does not fit its value; leave it out");
        }
        if (root != null && !(root instanceof Map)) {
            return List.of("the file must hold keys, such as gateway: and agents:, not a list or a single value");
        }
        var check = new YamlCheck();
        check.look("", root);
        return check.mistakes;
    }

    private void look(String path, Object node) {
        if (++values > MAX_VALUES) {
            if (values == MAX_VALUES + 1) {
                mistakes.add(path + ": more than " + MAX_VALUES + " values up to here; aliases count each time");
            }
            return;
        }
        if (!(node instanceof Map || node instanceof List)) {
            return;
        }
        if (!within.add(node)) {
            mistakes.add(path + ": contains itself");
            return;
        }
        if (node instanceof Map<?, ?> map) {
            map.forEach((name, value) -> member(path, String.valueOf(name), value));
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                look(path + "[" + i + "]", list.get(i));
            }
        }
        within.remove(node);
    }

    private void member(String path, String name, Object value) {
        String at = path.isEmpty() ? name : path + "." + name;
        if (name.isBlank() || name.contains(".")) {
            mistakes.add((path.isEmpty() ? "" : path + ": ") + "the name '" + name + "' must not be "
                    + (name.isBlank() ? "empty" : "written with a dot; nest it instead"));
        } else {
            look(at, value);
        }
    }
}
