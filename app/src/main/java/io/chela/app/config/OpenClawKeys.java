package io.chela.app.config;

import io.chela.app.config.KeyList.Kind;
import io.chela.app.config.KeyList.Rule;
import io.chela.app.config.KeyList.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Takes OpenClaw's keys that Chela does not have out of a tree: most are ignored with a warning, those that
/// protect what Chela does are mistakes that name the way out. Which they are says the [KeyList].
final class OpenClawKeys {
    /// Values that protect nothing.
    private static final Set<String> HARMLESS = Set.of("", "false", "no", "off");

    private final KeyList list = KeyList.OPENCLAW;
    private final Mistakes mistakes;
    private final Set<String> ignored = new TreeSet<>();
    private final Set<String> restricting = new TreeSet<>();
    private final Set<String> told = new TreeSet<>();

    OpenClawKeys(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /// The tree without them.
    Value.Members without(Value.Members tree) {
        return members("", tree, list.root(), Optional.empty());
    }

    /// One sentence for all that is ignored, one for all that restricts, one for each that has its own.
    List<String> warnings() {
        List<String> warnings = new ArrayList<>(told);
        if (!ignored.isEmpty()) {
            warnings.add("ignored, since Chela does not have what these keys of OpenClaw are for: "
                    + String.join(", ", ignored));
        }
        if (!restricting.isEmpty()) {
            warnings.add(
                    "not enforced, since Chela does not have what these keys of OpenClaw restrict, or bounds it in its own way: "
                            + String.join(", ", restricting));
        }
        return warnings;
    }

    private Optional<Value> value(String path, Value value, Step step, Optional<Rule> above) {
        Optional<Rule> rule = step.rule().or(() -> above);
        if (rule.filter(found -> found.kind() == Kind.PATH && !isPath(value)).isPresent()) {
            return Optional.of(value);
        }
        if (step.below().isEmpty() || value instanceof Value.Text) {
            rule.ifPresent(found -> apply(found, path, value));
            return rule.isPresent() ? Optional.empty() : Optional.of(value);
        }
        Value rest = switch (value) {
            case Value.Members members -> members(path, members, step, rule);
            case Value.Items items -> items(path, items, step, rule);
            case Value.Text text -> text;
        };
        boolean gone = rule.isPresent() && isEmpty(rest);
        if (gone && isEmpty(value)) {
            rule.ifPresent(found -> apply(found, path, value));
        }
        return gone ? Optional.empty() : Optional.of(rest);
    }

    /// An object of one of OpenClaw's names that is left empty goes too; one of an id, such as an agent,
    /// stays.
    private Value.Members members(String path, Value.Members members, Step step, Optional<Rule> rule) {
        if (path.startsWith("models.providers.") && isForeign(members, path)) {
            return members;
        }
        Map<String, Value.Member> rest = new LinkedHashMap<>();
        members.members().forEach((name, member) -> {
            String at = Mistakes.below(path, name);
            Optional<Value> left = below(at, member.value(), step.below(name), rule);
            boolean isEmptied = step.below().containsKey(name)
                    && left.filter(OpenClawKeys::isEmpty).isPresent();
            left.filter(_ -> !isEmptied || isEmpty(member.value()))
                    .ifPresent(value -> rest.put(name, new Value.Member(member.place(), value)));
        });
        return new Value.Members(members.place(), rest);
    }

    private Value items(String path, Value.Items items, Step step, Optional<Rule> rule) {
        List<Value> rest = new ArrayList<>();
        for (int i = 0; i < items.items().size(); i++) {
            String at = path + "[" + i + "]";
            below(at, items.items().get(i), step.below("*"), rule).ifPresent(rest::add);
        }
        return new Value.Items(items.place(), rest);
    }

    private Optional<Value> below(String path, Value value, Optional<Step> step, Optional<Rule> rule) {
        if (step.isPresent()) {
            return value(path, value, step.get(), rule);
        }
        rule.ifPresent(found -> apply(found, path, value));
        return rule.isPresent() ? Optional.empty() : Optional.of(value);
    }

    /// A provider of an extension of our own or somebody else's: what its keys mean is for the extension to
    /// say.
    private boolean isForeign(Value.Members members, String path) {
        boolean isProvider = path.indexOf('.', "models.providers.".length()) < 0;
        return isProvider
                && members.text("api")
                        .filter(api -> !list.interfaces().contains(api))
                        .isPresent();
    }

    private void apply(Rule rule, String path, Value value) {
        switch (rule.kind()) {
            case IGNORED -> ignored.add(rule.path());
            case RESTRICTS -> restricting.add(rule.path());
            case WARNS -> told.add(rule.path() + ": " + rule.wayOut());
            case PATH -> told.add(path + ": " + rule.wayOut());
            case PROTECTS -> {
                if (isHarmless(value, rule.unless())) {
                    ignored.add(rule.path());
                } else {
                    mistakes.add(
                            path,
                            value.place(),
                            "protects something that Chela does not protect in this way; " + rule.wayOut()
                                    + ", and remove the key");
                }
            }
        }
    }

    private static boolean isHarmless(Value value, String unless) {
        return switch (value) {
            case Value.Text text ->
                HARMLESS.contains(text.text().toLowerCase(Locale.ROOT))
                        || text.text().equals(unless);
            case Value.Items items -> items.items().isEmpty();
            case Value.Members members ->
                members.members().values().stream().allMatch(member -> isHarmless(member.value(), unless));
        };
    }

    private static boolean isPath(Value value) {
        return value instanceof Value.Text text && text.text().chars().anyMatch(c -> c == '/' || c == '\\');
    }

    private static boolean isEmpty(Value value) {
        return switch (value) {
            case Value.Members members -> members.members().isEmpty();
            case Value.Items items -> items.items().isEmpty();
            case Value.Text _ -> false;
        };
    }
}
