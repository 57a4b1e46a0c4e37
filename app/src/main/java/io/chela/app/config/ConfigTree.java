package io.chela.app.config;

import io.helidon.config.Config;
import io.helidon.config.spi.ConfigNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is read of the file, with the place of each value.
public final class ConfigTree {
    private static final Pattern INDEX = Pattern.compile("(.*)\\[(\\d+)]");

    /// How [Mistakes] end.
    private static final Pattern PLACED = Pattern.compile(".* \\((.+, )?line (\\d{1,9}), column (\\d{1,9})\\)");

    /// Located mistakes as they stand in the files; those without a place first.
    static final Comparator<String> BY_PLACE = Comparator.<String, String>comparing(mistake -> part(mistake, 1))
            .thenComparingInt(mistake -> number(mistake, 2))
            .thenComparingInt(mistake -> number(mistake, 3));

    private final Path main;
    private final Value.Members tree;

    ConfigTree(Path main, Value.Members tree) {
        this.main = main;
        this.tree = tree;
    }

    private static String part(String mistake, int group) {
        Matcher placed = PLACED.matcher(mistake);
        return placed.matches() ? Objects.requireNonNullElse(placed.group(group), "") : "";
    }

    private static int number(String mistake, int group) {
        String part = part(mistake, group);
        return part.isEmpty() ? 0 : Integer.parseInt(part);
    }

    /// The tree of no file at all.
    public static ConfigTree empty() {
        Path nowhere = Path.of("");
        return new ConfigTree(nowhere, new Value.Members(new Place(nowhere, 1, 1), Map.of()));
    }

    Value.Members root() {
        return tree;
    }

    /// The same for the readers.
    public Config config() {
        return PlainConfig.of(object(tree));
    }

    private static ConfigNode.ObjectNode object(Value.Members members) {
        var object = ConfigNode.ObjectNode.builder();
        members.members().forEach((name, member) -> {
            String key = Config.Key.escapeName(name);
            switch (member.value()) {
                case Value.Members below -> object.addObject(key, object(below));
                case Value.Items items -> object.addList(key, list(items));
                case Value.Text text -> object.addValue(key, text.text());
            }
        });
        return object.build();
    }

    private static ConfigNode.ListNode list(Value.Items items) {
        var list = ConfigNode.ListNode.builder();
        for (Value item : items.items()) {
            switch (item) {
                case Value.Members below -> list.addObject(object(below));
                case Value.Items below -> list.addList(list(below));
                case Value.Text text -> list.addValue(text.text());
            }
        }
        return list.build();
    }

    /// A mistake with the place of its path, or of what is above that; as it is when it tells its place
    /// already. What a variable or a secret holds is left out: it may stand at the wrong key.
    public String located(String mistake) {
        if (PLACED.matcher(mistake).matches()) {
            return mistake;
        }
        int colon = mistake.indexOf(": ");
        String path = colon < 0 ? "" : mistake.substring(0, colon);
        String told = discreet(path, mistake);
        return place(path).map(place -> told + " (" + place.in(main) + ")").orElse(told);
    }

    private String discreet(String path, String mistake) {
        Value.Text text = leaves().get(path);
        return text == null || text.from().isEmpty() || text.text().isEmpty()
                ? mistake
                : mistake.replace("'" + text.text() + "'", "what " + text.from().get() + " holds");
    }

    /// Where a path stands, or the nearest object above it; empty when nothing of it is in the file.
    private Optional<Place> place(String path) {
        Optional<Place> nearest = Optional.empty();
        Value at = tree;
        for (String step : steps(path)) {
            if (at instanceof Value.Members members && members.members().containsKey(step)) {
                Value.Member member = members.members().getOrDefault(step, new Value.Member(at.place(), at));
                nearest = Optional.of(member.place());
                at = member.value();
            } else if (at instanceof Value.Items(var _, var items) && isIndex(step, items.size())) {
                at = items.get(Integer.parseInt(step));
                nearest = Optional.of(at.place());
            } else {
                return nearest;
            }
        }
        return nearest;
    }

    private static boolean isIndex(String step, int size) {
        return step.matches("\\d{1,6}") && Integer.parseInt(step) < size;
    }

    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        for (String step : path.split("\\.", -1)) {
            Matcher index = INDEX.matcher(step);
            if (index.matches()) {
                steps.add(index.group(1));
                steps.add(index.group(2));
            } else {
                steps.add(step);
            }
        }
        return steps;
    }

    /// Every plain value by its path, in the order of the file; an empty list or object has none.
    public Map<String, Value.Text> leaves() {
        Map<String, Value.Text> leaves = new LinkedHashMap<>();
        leaves("", tree, leaves);
        return leaves;
    }

    private static void leaves(String path, Value value, Map<String, Value.Text> leaves) {
        switch (value) {
            case Value.Text text -> leaves.put(path, text);
            case Value.Items(var _, var items) -> {
                for (int i = 0; i < items.size(); i++) {
                    leaves(path + "[" + i + "]", items.get(i), leaves);
                }
            }
            case Value.Members members ->
                members.members().forEach((name, member) -> leaves(Mistakes.below(path, name), member.value(), leaves));
        }
    }

    /// A place as a sentence about this file names it.
    public String named(Place place) {
        return place.in(main);
    }
}
