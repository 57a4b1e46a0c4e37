package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Prompt;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One model of an OpenAI-compatible server. Source: OpenAI API reference, "Create chat completion".
final class OpenAiModel implements Model {
    private final OpenAiSettings settings;
    private final Http1Client client;
    private final OpenAiSettings.ListedModel listed;

    OpenAiModel(OpenAiSettings settings, Http1Client client, OpenAiSettings.ListedModel listed) {
        this.settings = settings;
        this.client = client;
        this.listed = listed;
    }

    @Override
    public ModelReply reply(Prompt prompt) {
        return new OpenAiReply(settings.name(), this::request, Json.writeBytes(body(prompt)));
    }

    private Http1ClientRequest request() {
        Http1ClientRequest request = client.post()
                .uri(settings.baseUrl() + "/chat/completions")
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.ACCEPT, "text/event-stream, application/json");
        settings.apiKey().ifPresent(key -> request.header(HeaderNames.AUTHORIZATION, "Bearer " + key.reveal()));
        settings.headers().forEach((name, value) -> request.header(HeaderNames.create(name), value));
        return request;
    }

    /// The caller's parameters as they are, and what is ours to say: model, messages, and that we stream with
    /// usage.
    private ObjectNode body(Prompt prompt) {
        ObjectNode body = Json.object();
        body.put("model", listed.id());
        ArrayNode messages = body.putArray("messages");
        prompt.messages().stream().map(Message::json).forEach(messages::add);
        prompt.parameters().properties().forEach(member -> body.set(member.getKey(), member.getValue()));
        if (!body.has("max_tokens") && !body.has("max_completion_tokens")) {
            listed.maxTokens().ifPresent(tokens -> body.put("max_completion_tokens", tokens.intValue()));
        }
        body.put("stream", true);
        ObjectNode options = body.get("stream_options") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        body.set("stream_options", options.put("include_usage", true));
        return body;
    }
}
