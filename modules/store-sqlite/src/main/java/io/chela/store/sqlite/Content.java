package io.chela.store.sqlite;

import io.chela.api.Json;
import io.chela.api.Message;

/// A message as the text that is stored: its whole JSON.
///
/// A surrogate without its partner (half an emoji, as a broken-off answer can end with) has no UTF-8: it is
/// stored as the JSON escape it came from. Source: RFC 8259, 8.2.
final class Content {
    private Content() {}

    static String write(Message message) {
        String json = Json.write(message.json());
        int lone = nextLone(json, 0);
        if (lone < 0) {
            return json;
        }
        var text = new StringBuilder(json.length() + 16);
        int from = 0;
        while (lone >= 0) {
            // Outside of a string there are none, so that an escape is always allowed here.
            text.append(json, from, lone).append("\\u").append(Integer.toHexString(json.charAt(lone)));
            from = lone + 1;
            lone = nextLone(json, from);
        }
        return text.append(json, from, json.length()).toString();
    }

    static Message read(String text) {
        return new Message(Json.readObject(text));
    }

    private static int nextLone(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            int point = text.codePointAt(i);
            if (Character.isSupplementaryCodePoint(point)) {
                i++;
            } else if (Character.isSurrogate((char) point)) {
                return i;
            }
        }
        return -1;
    }
}
