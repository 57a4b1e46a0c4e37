package io.chela.openai.http;

import io.chela.edge.Feature;
import io.chela.edge.Gateway;
import io.chela.edge.Paths;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;

/// The door for OpenAI clients.
final class OpenAiHttp implements Feature {
    private final Gateway gateway;
    private final StreamTimes times;
    private final EventReaders readers = new EventReaders();

    OpenAiHttp(Gateway gateway, StreamTimes times) {
        this.gateway = gateway;
        this.times = times;
        gateway.runtime().runs().observe(new RunNews(readers));
    }

    @Override
    public void route(HttpRouting.Builder http) {
        Paths.only(http, "/v1/chat/completions", Method.POST, new ChatCompletions(gateway, times));
        new ModelList(gateway).route(http);
        http.any("/v1/completions", new OldCompletions());
        Paths.only(http, "/v1/events", Method.GET, new Events(gateway, readers, times.eventSilence()));
    }

    @Override
    public void drain() {
        readers.drain();
    }

    EventReaders readers() {
        return readers;
    }
}
