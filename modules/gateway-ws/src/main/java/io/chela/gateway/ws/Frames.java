package io.chela.gateway.ws;

import io.chela.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// Writes frames. Source: Gateway protocol, "Frames".
final class Frames {
    private Frames() {}

    static String ok(String id, ObjectNode payload) {
        ObjectNode frame = response(id, true);
        frame.set("payload", payload);
        return Json.write(frame);
    }

    static String error(String id, ErrorShape error) {
        ObjectNode frame = response(id, false);
        frame.set("error", error.json());
        return Json.write(frame);
    }

    static String error(String id, ErrorShape error, ObjectNode payload) {
        ObjectNode frame = response(id, false);
        frame.set("payload", payload);
        frame.set("error", error.json());
        return Json.write(frame);
    }

    private static ObjectNode response(String id, boolean ok) {
        return Json.object().put("type", "res").put("id", id).put("ok", ok);
    }
}
