package io.chela.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Refuses names that Helidon's configuration would split at their dots, and such as nobody can see.
final class Names {
    private final Mistakes mistakes;

    Names(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /// The value without the members that have such names.
    Value sound(String path, Value value) {
        return switch (value) {
            case Value.Text text -> text;
            case Value.Items(var place, var items) -> {
                List<Value> sound = new ArrayList<>();
                for (Value item : items) {
                    sound.add(sound(path + "[" + sound.size() + "]", item));
                }
                yield new Value.Items(place, sound);
            }
            case Value.Members(var place, var members) -> {
                Map<String, Value.Member> sound = new LinkedHashMap<>();
                members.forEach((name, member) -> {
                    if (isSound(path, name, member.place())) {
                        Value below = sound(Mistakes.below(path, name), member.value());
                        sound.put(name, new Value.Member(member.place(), below));
                    }
                });
                yield new Value.Members(place, sound);
            }
        };
    }

    private boolean isSound(String path, String name, Place place) {
        if (name.isBlank()) {
            mistakes.add(path, place, "the name '' must not be empty");
        } else if (name.contains(".")) {
            mistakes.add(path, place, "the name '" + name + "' must not be written with a dot; nest it instead");
        } else {
            return true;
        }
        return false;
    }
}
