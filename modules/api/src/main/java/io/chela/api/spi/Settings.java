package io.chela.api.spi;

import io.chela.api.Nearest;
import io.helidon.config.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads one object of the configuration and gathers every mistake in it, each with its path.
///
/// A key that nobody has read by [#finish] is unknown, and a mistake. For one thread; read once, into a
/// record.
public final class Settings {
    private final Config config;
    private final String path;
    private final List<String> mistakes;
    private final List<Settings> parts;
    private final Set<String> known = new HashSet<>();
    private final Map<String, Optional<String>> fallbacks;
    private final Map<String, Settings> objects = new HashMap<>();

    /// @param path as people write it: `agents.list[0]`; empty for the whole configuration
    private Settings(
            Config config,
            String path,
            List<String> mistakes,
            List<Settings> parts,
            Map<String, Optional<String>> fallbacks) {
        this.config = config;
        this.path = path;
        this.mistakes = mistakes;
        this.parts = parts;
        this.fallbacks = fallbacks;
        parts.add(this);
        if (config.exists() && config.type() != Config.Type.OBJECT) {
            mistakes.add((path.isEmpty() ? "configuration" : path) + ": must be an object");
        }
    }

    /// Starts to read; mistakes of all its parts are gathered here.
    public static Settings of(Config config) {
        String path = Config.Key.unescapeName(config.key().toString());
        return new Settings(config, path, new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
    }

    /// The object below a key; one without keys when there is none.
    ///
    /// Whoever asks again gets the same one, so that several readers can share an object: what one has read
    /// is known to all.
    public Settings at(String key) {
        return objects.computeIfAbsent(key, _ -> part(read(key), path(key)));
    }

    /// The objects of a list below a key.
    public List<Settings> list(String key) {
        Config list = read(key);
        if (list.exists() && list.type() != Config.Type.LIST) {
            refuse(key, "must be a list");
            return List.of();
        }
        List<Settings> elements = new ArrayList<>();
        below(list).forEach(node -> elements.add(part(node, path(key) + "[" + elements.size() + "]")));
        return elements;
    }

    /// The objects below a key by their names, in the order of the configuration.
    public Map<String, Settings> entries(String key) {
        Map<String, Settings> entries = new LinkedHashMap<>();
        Settings object = at(key);
        for (Config node : object.children()) {
            String name = name(node);
            entries.put(name, object.at(name));
        }
        return entries;
    }

    /// The plain values below a key by their names.
    public Map<String, String> texts(String key) {
        Map<String, String> texts = new HashMap<>();
        Settings object = at(key);
        for (Config node : object.children()) {
            object.text(name(node)).ifPresent(value -> texts.put(name(node), value));
        }
        return texts;
    }

    /// The plain values of a list below a key.
    public List<String> textList(String key) {
        Config list = read(key);
        fallbacks.put(path(key), Optional.of("[]"));
        if (list.exists() && list.type() != Config.Type.LIST) {
            refuse(key, "must be a list");
            return List.of();
        }
        List<Config> entries = below(list);
        if (entries.stream().anyMatch(entry -> !entry.isLeaf())) {
            refuse(key, "must be a list of plain values");
            return List.of();
        }
        return entries.stream().flatMap(entry -> entry.asString().stream()).toList();
    }

    public Optional<String> text(String key) {
        Config node = read(key);
        fallbacks.putIfAbsent(path(key), Optional.empty());
        if (!node.exists()) {
            return Optional.empty();
        }
        if (!node.isLeaf()) {
            refuse(key, "must be a plain value");
            return Optional.empty();
        }
        return node.asString().asOptional();
    }

    /// A text, or the fallback.
    public String text(String key, String fallback) {
        return parsed(key, fallback, "", Optional::of);
    }

    /// Tells whether an object stands below a key: for those that take a plain value or an object.
    public boolean isObject(String key) {
        return is(Config.Type.OBJECT, key);
    }

    /// Tells whether a list stands below a key: for those that take a plain value or a list.
    public boolean isList(String key) {
        return is(Config.Type.LIST, key);
    }

    private boolean is(Config.Type type, String key) {
        Config node = config.get(Config.Key.escapeName(key));
        return node.exists() && node.type() == type;
    }

    /// A text that must be there and not blank; empty after a mistake.
    public String required(String key) {
        Optional<String> text = text(key);
        if (text.filter(value -> !value.isBlank()).isEmpty()) {
            refuse(key, "is missing");
        }
        return text.orElse("");
    }

    /// A whole number from `min` to `max`, or the fallback.
    public int integer(String key, int fallback, int min, int max) {
        return parsed(key, fallback, range(min, max), text -> number(text, min, max));
    }

    /// A whole number from `min` to `max`, if there is one.
    public Optional<Integer> integer(String key, int min, int max) {
        return parsed(
                key,
                Optional.empty(),
                range(min, max),
                text -> Optional.of(number(text, min, max)).filter(Optional::isPresent));
    }

    private static String range(int min, int max) {
        return "must be a whole number from " + min + " to " + max;
    }

    private static Optional<Integer> number(String text, int min, int max) {
        int number = Integer.parseInt(text);
        return number >= min && number <= max ? Optional.of(number) : Optional.empty();
    }

    public boolean flag(String key, boolean fallback) {
        return parsed(key, fallback, "must be true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /// A value that the function understands (it answers empty or throws `IllegalArgumentException` when
    /// not), or
    /// the fallback.
    public <T> T parsed(String key, T fallback, String rule, Function<String, Optional<T>> parse) {
        Optional<String> text = text(key);
        fallbacks.put(path(key), shown(fallback));
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            Optional<T> value = parse.apply(text.get());
            if (value.isPresent()) {
                return value.get();
            }
        } catch (IllegalArgumentException _) {
            // Falls through: the rule says it better than the parser.
        }
        refuse(key, rule + ", not '" + text.get() + "'");
        return fallback;
    }

    /// Counts a key as known without reading it: somebody else reads what is below.
    public void leave(String key) {
        known.add(key);
    }

    /// Adds a mistake at a key.
    public void refuse(String key, String reason) {
        mistakes.add(path(key) + ": " + reason);
    }

    /// The keys that are there, in the order of the configuration.
    public List<String> keys() {
        return children().stream().map(Settings::name).toList();
    }

    public boolean exists() {
        return config.exists();
    }

    /// Every plain value in it and in its parts by its path, for whoever must not show some of them;
    /// reads none.
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        putValues(config, path, values);
        return values;
    }

    private static void putValues(Config node, String path, Map<String, String> values) {
        if (node.isLeaf()) {
            values.put(path, node.asString().orElse(""));
        }
        int index = 0;
        for (Config child : below(node)) {
            boolean isElement = node.type() == Config.Type.LIST;
            putValues(child, isElement ? path + "[" + index++ + "]" : joined(path, name(child)), values);
        }
    }

    /// Ends the reading of this object and all its parts.
    ///
    /// @throws IllegalArgumentException with every mistake, one a line, when there is one
    public void finish() {
        List<String> all = mistakes();
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", all));
        }
    }

    /// Every mistake so far, and every key that nobody has read.
    public List<String> mistakes() {
        List<String> all = new ArrayList<>(mistakes);
        for (Settings part : parts) {
            part.children().stream()
                    .filter(node -> !part.known.contains(name(node)))
                    .forEach(node -> all.add(part.path(name(node)) + ": unknown key"
                            + Nearest.of(name(node), part.known)
                                    .map(nearest -> ", perhaps meant as '" + nearest + "'")
                                    .orElse("")
                            + "; known here: "
                            + String.join(", ", part.known.stream().sorted().toList())));
        }
        return all;
    }

    /// Every plain value that was asked for so far, by its path, with what holds when the configuration does
    /// not say it: a word for people, empty when nothing does.
    public Map<String, Optional<String>> fallbacks() {
        return new LinkedHashMap<>(fallbacks);
    }

    private static Optional<String> shown(Object fallback) {
        return fallback instanceof Optional<?> maybe
                ? maybe.map(String::valueOf)
                : Optional.of(String.valueOf(fallback));
    }

    private Settings part(Config node, String at) {
        return new Settings(node, at, mistakes, parts, fallbacks);
    }

    private Config read(String key) {
        known.add(key);
        return config.get(Config.Key.escapeName(key));
    }

    private List<Config> children() {
        return config.type() == Config.Type.OBJECT ? below(config) : List.of();
    }

    private static List<Config> below(Config node) {
        return node.exists() && !node.isLeaf() ? node.asNodeList().orElse(List.of()) : List.of();
    }

    private static String name(Config node) {
        return Config.Key.unescapeName(node.key().name());
    }

    /// The path of a key as people write it: `agents.list[0].id`.
    private String path(String key) {
        return joined(path, key);
    }

    private static String joined(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
