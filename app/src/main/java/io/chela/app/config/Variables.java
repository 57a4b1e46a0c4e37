package io.chela.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${NAME}` and `${NAME:-default}` by what the environment says, and references to secrets by
/// these. `$${NAME}` stands for the text `${NAME}`. Source: OpenClaw, "Env var substitution".
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("(\\$?)\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}{$]*))?}");

    /// OpenClaw's short way to refer to a secret; only where a secret is expected.
    private static final Pattern SHORT = Pattern.compile("\\$([A-Z][A-Z0-9_]{0,127})");

    private static final Set<String> SECRETS = Set.of("token", "password", "apiKey");

    private final Environment environment;
    private final SecretRefs secrets;
    private final Mistakes mistakes;

    Variables(Environment environment, SecretRefs secrets, Mistakes mistakes) {
        this.environment = environment;
        this.secrets = secrets;
        this.mistakes = mistakes;
    }

    Value resolve(String path, String name, Value value) {
        return switch (value) {
            case Value.Text text -> text(path, name, text);
            case Value.Items(var place, var items) -> {
                List<Value> all = new ArrayList<>();
                for (Value item : items) {
                    all.add(resolve(path + "[" + all.size() + "]", name, item));
                }
                yield new Value.Items(place, all);
            }
            case Value.Members members when SecretRefs.isOne(members) -> secrets.resolve(path, members);
            case Value.Members(var place, var members) -> {
                Map<String, Value.Member> all = new LinkedHashMap<>();
                members.forEach((below, member) -> all.put(
                        below,
                        new Value.Member(member.place(), resolve(Mistakes.below(path, below), below, member.value()))));
                yield new Value.Members(place, all);
            }
        };
    }

    private Value.Text text(String path, String name, Value.Text text) {
        Matcher shortly = SHORT.matcher(text.text());
        String written = SECRETS.contains(name) && shortly.matches() ? "${" + shortly.group(1) + "}" : text.text();
        List<String> from = new ArrayList<>();
        String resolved = VARIABLE.matcher(written)
                .replaceAll(found -> Matcher.quoteReplacement(value(path, text.place(), found, from)));
        return new Value.Text(
                text.place(),
                resolved,
                from.isEmpty() ? Optional.empty() : Optional.of("the variable " + String.join(", ", from)));
    }

    private String value(String path, Place place, MatchResult found, List<String> from) {
        String name = found.group(2);
        if (!found.group(1).isEmpty()) {
            return found.group().substring(1);
        }
        String value = environment.values().getOrDefault(name, "");
        if (!value.isEmpty()) {
            from.add(environment.named(name));
            return value;
        }
        if (found.group(3) == null) {
            mistakes.add(
                    path,
                    place,
                    "the environment variable " + name + " is not set; set it, also in a .env file beside"
                            + " this one, write ${" + name + ":-default}, or $${" + name + "} for the text itself");
            return "";
        }
        return found.group(3);
    }
}
