package io.chela.model.llamacpp;

import io.chela.api.Json;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a worker says, one JSON line each: `Ready` or `LoadFailed` once, then of each generation pieces and one end.
sealed interface FromWorker {
    ObjectNode toJson();

    /// The model is loaded.
    record Ready() implements FromWorker {
        @Override
        public ObjectNode toJson() {
            return frame("ready");
        }
    }

    /// The model cannot be loaded; the worker ends.
    record LoadFailed(String why) implements FromWorker {
        @Override
        public ObjectNode toJson() {
            return frame("load_failed").put("why", why);
        }
    }

    /// Says something about one generation.
    sealed interface Said extends FromWorker {
        long id();

        /// Tells whether nothing more follows about this generation.
        default boolean isEnd() {
            return true;
        }
    }

    /// A part of the prompt was read; a sign of life.
    record Progress(long id) implements Said {
        @Override
        public ObjectNode toJson() {
            return frame("progress").put("id", id);
        }

        @Override
        public boolean isEnd() {
            return false;
        }
    }

    /// A piece of the answer, never empty.
    record Piece(long id, String text) implements Said {
        @Override
        public ObjectNode toJson() {
            return frame("piece").put("id", id).put("text", text);
        }

        @Override
        public boolean isEnd() {
            return false;
        }
    }

    /// The end of an answer.
    ///
    /// @param finish `stop`, `length` or `cancelled`
    record Done(long id, String finish, int promptTokens, int completionTokens) implements Said {
        @Override
        public ObjectNode toJson() {
            return frame("done")
                    .put("id", id)
                    .put("finish", finish)
                    .put("promptTokens", promptTokens)
                    .put("completionTokens", completionTokens);
        }
    }

    /// The end: the prompt leaves no room for an answer.
    record TooLong(long id, int promptTokens) implements Said {
        @Override
        public ObjectNode toJson() {
            return frame("too_long").put("id", id).put("promptTokens", promptTokens);
        }
    }

    /// The end: the generation failed.
    record Failed(long id, String why) implements Said {
        @Override
        public ObjectNode toJson() {
            return frame("failed").put("id", id).put("why", why);
        }
    }

    /// Reads a frame; empty when it is none of ours.
    static Optional<FromWorker> read(ObjectNode json) {
        long id = json.path("id").longValue(0);
        String why = json.path("why").stringValue("");
        int promptTokens = json.path("promptTokens").intValue(0);
        return switch (json.path("event").stringValue("")) {
            case "ready" -> Optional.of(new Ready());
            case "load_failed" -> Optional.of(new LoadFailed(why));
            case "progress" -> Optional.of(new Progress(id));
            case "piece" -> Optional.of(new Piece(id, json.path("text").stringValue("")));
            case "done" ->
                Optional.of(new Done(
                        id,
                        json.path("finish").stringValue("stop"),
                        promptTokens,
                        json.path("completionTokens").intValue(0)));
            case "too_long" -> Optional.of(new TooLong(id, promptTokens));
            case "failed" -> Optional.of(new Failed(id, why));
            default -> Optional.empty();
        };
    }

    private static ObjectNode frame(String event) {
        return Json.object().put("event", event);
    }
}
