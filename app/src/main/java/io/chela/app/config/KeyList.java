package io.chela.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// OpenClaw's keys that Chela does not have: `openclaw-keys.txt`. A path covers what is below it, unless that has a
/// line of its own.
public final class KeyList {
    private static final String ANY = "*";
    private static final String ENTRIES = "agents.entries.*.";

    static final KeyList OPENCLAW = read("openclaw-keys.txt");

    enum Kind {
        IGNORED,
        RESTRICTS,
        PROTECTS,
        /// Ignored with a warning of its own.
        WARNS,
        /// The same where it is the path of a file; Chela has other values for it.
        PATH
    }

    /// @param unless a value with which it protects nothing
    /// @param wayOut what to do instead
    record Rule(Kind kind, String path, String unless, String wayOut) {}

    /// What there is at a path.
    static final class Step {
        private final Map<String, Step> below = new LinkedHashMap<>();
        private Optional<Rule> rule = Optional.empty();

        Map<String, Step> below() {
            return below;
        }

        Optional<Rule> rule() {
            return rule;
        }

        Optional<Step> below(String name) {
            return Optional.ofNullable(below.getOrDefault(name, below.get(ANY)));
        }
    }

    private final Step root = new Step();
    private final Set<String> interfaces = new HashSet<>();

    private KeyList() {}

    private static KeyList read(String resource) {
        try (InputStream in = KeyList.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the list " + resource + " is not in the module");
            }
            var list = new KeyList();
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(list::take);
            return list;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A line as the head of the list explains it.
    private void take(String line) {
        int colon = line.indexOf(": ");
        String wayOut = colon < 0 ? "" : line.substring(colon + 2);
        String[] words = (colon < 0 ? line : line.substring(0, colon)).split(" ", -1);
        if (words[0].equals("api")) {
            interfaces.add(words[1]);
            return;
        }
        Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
        add(new Rule(kind, words[1], words.length > 3 ? words[3] : "", wayOut));
        if (words[1].startsWith(ENTRIES)) {
            String older = "agents.list.*." + words[1].substring(ENTRIES.length());
            add(new Rule(kind, older, words.length > 3 ? words[3] : "", wayOut));
        }
    }

    private void add(Rule rule) {
        Step at = root;
        for (String name : rule.path().split("\\.", -1)) {
            at = at.below.computeIfAbsent(name, _ -> new Step());
        }
        at.rule = Optional.of(rule);
    }

    Step root() {
        return root;
    }

    /// The `api`s of OpenClaw's own providers.
    Set<String> interfaces() {
        return Set.copyOf(interfaces);
    }

    /// OpenClaw's keys in an object.
    ///
    /// @param path of the object, as people write it; empty for the whole configuration
    public static Set<String> below(String path) {
        Optional<Step> at = Optional.of(OPENCLAW.root);
        for (String name : path.isEmpty() ? List.<String>of() : ConfigTree.steps(path)) {
            at = at.flatMap(step -> step.below(name));
        }
        Set<String> names = new TreeSet<>(at.map(step -> step.below.keySet()).orElse(Set.of()));
        names.remove(ANY);
        return names;
    }
}
