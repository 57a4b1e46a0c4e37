package io.chela.gateway.ws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import io.chela.fuzz.Faults;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads any text as a frame of the Gateway protocol, and every parameter of it as each kind: given, or
/// refused in the protocol's words. What answers it is one JSON object with its id.
public final class FramesTarget {
    private FramesTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Optional<ObjectNode> frame = Json.tryObject(new String(bytes, UTF_8));
        frame.ifPresent(object -> {
            Optional<Request> request = Request.read(object);
            request.ifPresent(FramesTarget::readParams);
            String id = request.map(Request::id).orElseGet(() -> Request.idOf(object));
            ObjectNode answer = Json.readObject(Frames.error(id, ErrorShape.invalid("no")));
            Faults.check(
                    answer.path("id").stringValue("").equals(id) && id.length() <= Request.MAX_NAME,
                    () -> "answers with another id than " + id);
        });
    }

    private static void readParams(Request request) {
        request.params().propertyNames().forEach(name -> {
            ask(() -> request.text(name));
            ask(() -> request.required(name));
            ask(() -> request.number(name, 0));
        });
    }

    private static void ask(Runnable read) {
        try {
            read.run();
        } catch (Refusal e) {
            Faults.check(e.error().code().equals(ErrorShape.INVALID_REQUEST), () -> "refused as " + e.error());
        }
    }
}
