package io.chela.app.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value of the file with its place; YAML and JSON5 alike become these.
public sealed interface Value {
    Place place();

    /// A text, number, `true` or `false`, as it is written; nothing (`null`) is an empty text.
    ///
    /// @param from the variable or secret that it was taken from
    record Text(Place place, String text, Optional<String> from) implements Value {
        public Text(Place place, String text) {
            this(place, text, Optional.empty());
        }
    }

    /// An object.
    ///
    /// @param members in the order of the file
    record Members(Place place, Map<String, Member> members) implements Value {
        public Members {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /// The text of a member, when there is one and it is a text.
        Optional<String> text(String name) {
            return value(name)
                    .flatMap(value -> value instanceof Text text ? Optional.of(text.text()) : Optional.empty());
        }

        Optional<Value> value(String name) {
            return Optional.ofNullable(members.get(name)).map(Member::value);
        }

        /// The same without some members.
        Members without(String... names) {
            Map<String, Member> rest = new LinkedHashMap<>(members);
            List.of(names).forEach(rest::remove);
            return new Members(place, rest);
        }
    }

    /// A value and the name it has in its object.
    ///
    /// @param place of the name
    record Member(Place place, Value value) {}

    /// A list.
    record Items(Place place, List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// Lays one value over another: objects join, lists are put one after the other, else the upper counts.
    static Value merged(Value under, Value over) {
        if (under instanceof Members(var _, var low) && over instanceof Members(var place, var high)) {
            Map<String, Member> all = new LinkedHashMap<>(low);
            high.forEach((name, member) ->
                    all.merge(name, member, (old, now) -> new Member(now.place(), merged(old.value(), now.value()))));
            return new Members(place, all);
        }
        if (under instanceof Items(var _, var first) && over instanceof Items(var place, var second)) {
            List<Value> all = new ArrayList<>(first);
            all.addAll(second);
            return new Items(place, all);
        }
        return over;
    }
}
