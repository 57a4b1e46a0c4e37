package io.chela.session;

import io.chela.api.Message;
import io.chela.api.Role;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a session remembers of what was said, oldest first.
///
/// @param messages begins with a user's message, so that no tool's result is without its call
/// @param isCut whether there may be more before it
public record History(List<Message> messages, boolean isCut) {
    /// What a value costs beside its text: its object, its place and its name.
    private static final int NODE_BYTES = 64;

    public static final History NONE = new History(List.of(), false);

    public History {
        messages = List.copyOf(messages);
    }

    /// How much memory it takes, in bytes, roughly.
    public long weight() {
        return messages.stream().mapToLong(message -> weight(message.json())).sum();
    }

    private static long weight(JsonNode json) {
        long inside = json.isString() ? json.stringValue().length() : 0;
        for (JsonNode child : json) {
            inside += weight(child);
        }
        return inside + NODE_BYTES;
    }

    /// The end of this history that has at most so many messages and begins with a question.
    public History newest(int most) {
        if (!isCut && messages.size() <= most) {
            return this;
        }
        int from = Math.max(0, messages.size() - most);
        while (from < messages.size() && !isQuestion(from)) {
            from++;
        }
        return from == 0 ? this : new History(messages.subList(from, messages.size()), true);
    }

    /// Tells whether an exchange begins at a place: with a user's message that follows none.
    public boolean isQuestion(int place) {
        return messages.get(place).role() == Role.USER
                && (place == 0 || messages.get(place - 1).role() != Role.USER);
    }
}
