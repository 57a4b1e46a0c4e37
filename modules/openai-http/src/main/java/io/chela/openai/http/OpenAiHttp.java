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
    private final EventReaders readers;

    /// @param eventReaders how many may read `/v1/events` at a time
    OpenAiHttp(Gateway gateway, StreamTimes times, int eventReaders) {
        this.gateway = gateway;
        this.times = times;
        this.readers = new EventReaders(eventReaders);
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
