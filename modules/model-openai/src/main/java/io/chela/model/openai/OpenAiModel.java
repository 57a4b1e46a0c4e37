package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Prompt;
import io.chela.api.spi.ContextWindow;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.ClientConnection;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One model of an OpenAI-compatible server. Source: OpenAI API reference, "Create chat completion".
final class OpenAiModel implements Model {
    private final OpenAiSettings settings;
    private final Http1Client client;
    private final Connections connections;
    private final OpenAiSettings.ListedModel listed;

    OpenAiModel(
            OpenAiSettings settings, Http1Client client, Connections connections, OpenAiSettings.ListedModel listed) {
        this.settings = settings;
        this.client = client;
        this.connections = connections;
        this.listed = listed;
    }

    @Override
    public ModelReply reply(Prompt prompt) {
        ObjectNode body = new RequestBody(listed, settings.passThrough()).json(prompt);
        return new OpenAiReply(
                UpstreamErrors.of(settings, listed.id()),
                new HttpCall(connections, this::request, Json.writeBytes(body)),
                settings.limits(),
                settings.silence());
    }

    @Override
    public Optional<ContextWindow> window() {
        return listed.contextWindow().map(tokens -> new ContextWindow(tokens, listed.maxTokens()));
    }

    private Http1ClientRequest request(ClientConnection connection) {
        Http1ClientRequest request = client.post()
                .connection(connection)
                .uri(settings.route().url("/chat/completions"))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.ACCEPT, "text/event-stream, application/json")
                .header(HeaderNames.ACCEPT_ENCODING, "identity");
        settings.headers().all().forEach((name, value) -> request.header(HeaderNames.create(name), value));
        return request;
    }
}
