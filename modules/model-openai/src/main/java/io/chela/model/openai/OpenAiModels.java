package io.chela.model.openai;

import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.http1.Http1Client;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/// The models of one server, over one pool of connections.
final class OpenAiModels implements Models {
    /// How long a connection attempt may take, and a proxy for its tunnel.
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final OpenAiSettings settings;
    private final Http1Client client;
    private final Connections connections;

    OpenAiModels(OpenAiSettings settings) {
        this.settings = settings;
        this.connections = new Connections(new Dialer(
                settings.route(),
                settings.silence().compareTo(CONNECT_TIMEOUT) < 0 ? settings.silence() : CONNECT_TIMEOUT,
                settings.silence()));
        WebClient web = WebClient.builder()
                .readTimeout(settings.silence())
                .proxy(Proxy.noProxy()) // the connections are ours, and so is what they go through
                .followRedirects(false)
                .sendExpectContinue(false)
                .shareConnectionCache(false)
                .servicesDiscoverServices(false)
                .build();
        this.client = web.client(Http1Client.PROTOCOL);
    }

    @Override
    public Model model(String id) {
        if (settings.models().isEmpty()) {
            return model(new OpenAiSettings.ListedModel(id, Optional.empty(), Optional.empty(), settings.compat()));
        }
        return settings.models().stream()
                .filter(listed -> listed.id().equals(id))
                .findFirst()
                .map(this::model)
                .orElseThrow(() -> new IllegalArgumentException("there is no model '" + id + "', only "
                        + settings.models().stream()
                                .map(OpenAiSettings.ListedModel::id)
                                .collect(Collectors.joining(", "))));
    }

    private Model model(OpenAiSettings.ListedModel listed) {
        return new OpenAiModel(settings, client, connections, listed);
    }

    @Override
    public String destination() {
        return settings.route().server().getScheme() + "://" + settings.route().place();
    }

    @Override
    public void close() {
        connections.close();
        client.closeResource();
    }
}
