package io.chela.openai.http;

import io.chela.edge.Feature;
import io.chela.edge.Gateway;
import io.chela.edge.Paths;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;

/// The door for OpenAI clients.
final class OpenAiHttp implements Feature {
    private final Gateway gateway;
    private final EventReaders readers = new EventReaders();
    private final Duration commentEvery;

    OpenAiHttp(Gateway gateway) {
        this(gateway, Events.COMMENT_EVERY);
    }

    OpenAiHttp(Gateway gateway, Duration commentEvery) {
        this.gateway = gateway;
        this.commentEvery = commentEvery;
        gateway.runtime().runs().observe(new RunNews(readers));
    }

    @Override
    public void route(HttpRouting.Builder http) {
        Paths.only(http, "/v1/chat/completions", Method.POST, new ChatCompletions(gateway));
        new ModelList(gateway).route(http);
        http.any("/v1/completions", new OldCompletions());
        Paths.only(http, "/v1/events", Method.GET, new Events(gateway, readers, commentEvery));
    }

    @Override
    public void drain() {
        readers.drain();
    }

    EventReaders readers() {
        return readers;
    }
}
