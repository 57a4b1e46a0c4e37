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

    OpenAiHttp(Gateway gateway, StreamTimes times) {
        this.gateway = gateway;
        this.times = times;
    }

    @Override
    public void route(HttpRouting.Builder http) {
        Paths.only(http, "/v1/chat/completions", Method.POST, new ChatCompletions(gateway, times));
    }
}
