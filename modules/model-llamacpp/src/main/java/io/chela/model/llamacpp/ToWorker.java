package io.chela.model.llamacpp;

import io.chela.api.Json;
import io.chela.api.ProblemException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What the gateway says to its worker, one JSON line each.
sealed interface ToWorker {
    ObjectNode toJson();

    /// Answer this prompt. The worker does one at a time.
    record Generate(long id, String prompt, Sampling sampling) implements ToWorker {
        @Override
        public ObjectNode toJson() {
            ObjectNode json = Json.object().put("op", "generate").put("id", id).put("prompt", prompt);
            json.set("sampling", sampling.toJson());
            return json;
        }
    }

    /// Stop answering; a `Done` of that id follows all the same.
    record Cancel(long id) implements ToWorker {
        @Override
        public ObjectNode toJson() {
            return Json.object().put("op", "cancel").put("id", id);
        }
    }

    /// Reads a frame; empty when it is none of ours.
    static Optional<ToWorker> read(ObjectNode json) {
        long id = json.path("id").longValue(0);
        return switch (json.path("op").stringValue("")) {
            case "generate" ->
                sampling(json)
                        .map(sampling -> new Generate(id, json.path("prompt").stringValue(""), sampling));
            case "cancel" -> Optional.of(new Cancel(id));
            default -> Optional.empty();
        };
    }

    private static Optional<Sampling> sampling(ObjectNode json) {
        try {
            return json.path("sampling") instanceof ObjectNode sampling
                    ? Optional.of(Sampling.read(sampling, 1))
                    : Optional.empty();
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }
}
