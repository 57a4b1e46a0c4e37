package io.chela.openai.http;

import io.chela.agent.runtime.Answer;
import io.chela.api.Json;
import io.chela.api.RunId;
import io.chela.api.TurnOutcome;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// Writes the answer to one request, whole or in chunks; `id`, `created` and `model` are the same throughout.
///
/// Source: OpenAI API reference, "The chat completion object" and "The chat completion chunk object".
///
/// @param model the value the caller asked with, echoed
record Completion(String id, long created, String model) {
    static Completion of(RunId run, Instant at, String model) {
        return new Completion("chatcmpl_" + run, at.getEpochSecond(), model);
    }

    ObjectNode whole(Answer answer, TurnOutcome.Completed outcome) {
        ObjectNode completion = head("chat.completion");
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.set("message", answer.message());
        choice.put("finish_reason", outcome.finishReason());
        outcome.usage().ifPresent(usage -> completion.set("usage", usage.json()));
        return completion;
    }

    ObjectNode chunk(ObjectNode delta) {
        return chunkWith(delta, Json.object().nullNode());
    }

    ObjectNode lastChunk(String finishReason) {
        return chunkWith(Json.object(), Json.object().stringNode(finishReason));
    }

    ObjectNode usageChunk(ObjectNode usage) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage);
        return chunk;
    }

    private ObjectNode chunkWith(ObjectNode delta, tools.jackson.databind.JsonNode finishReason) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.set("finish_reason", finishReason);
        return chunk;
    }

    private ObjectNode head(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }
}
