package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Prompt;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts together what a model is sent: model, messages and that we stream are ours; the caller's other
/// members go along as far as the provider's `passThrough` lets them.
///
/// Source: OpenAI API reference, "Create chat completion".
record RequestBody(OpenAiSettings.ListedModel model, PassThrough passThrough) {
    private static final String STREAM_OPTIONS = "stream_options";

    ObjectNode json(Prompt prompt) {
        ObjectNode body = Json.object();
        body.put("model", model.id());
        ArrayNode messages = body.putArray("messages");
        prompt.messages().stream().map(Message::json).forEach(messages::add);
        prompt.parameters().properties().stream()
                .filter(member -> passThrough.lets(member.getKey()))
                .forEach(member -> body.set(member.getKey(), member.getValue()));
        limitTokens(body);
        body.put("stream", true);
        streamOptions(body);
        return body;
    }

    /// Leaves at most one limit in the body, under the name the server knows.
    private void limitTokens(ObjectNode body) {
        JsonNode older = body.path(Compat.MAX_TOKENS);
        JsonNode newer = body.path(Compat.MAX_COMPLETION_TOKENS);
        body.remove(Compat.MAX_TOKENS);
        body.remove(Compat.MAX_COMPLETION_TOKENS);
        Optional<String> field = model.compat().maxTokensField();
        if (isGiven(newer)) {
            body.set(field.orElse(Compat.MAX_COMPLETION_TOKENS), newer);
        } else if (isGiven(older)) {
            body.set(field.orElse(Compat.MAX_TOKENS), older);
        } else {
            String name = field.orElse(Compat.MAX_COMPLETION_TOKENS);
            model.maxTokens().ifPresent(tokens -> body.put(name, tokens.intValue()));
        }
    }

    private static boolean isGiven(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private void streamOptions(ObjectNode body) {
        if (model.compat().usageInStream()) {
            ObjectNode options =
                    body.get(STREAM_OPTIONS) instanceof ObjectNode given ? given.deepCopy() : Json.object();
            body.set(STREAM_OPTIONS, options.put("include_usage", true));
        } else {
            body.remove(STREAM_OPTIONS);
        }
    }
}
