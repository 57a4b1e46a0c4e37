package io.chela.openai.http;

import io.chela.edge.Feature;
import io.chela.edge.LiveGateway;
import io.chela.edge.Paths;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.Predicate;

/// The door for OpenAI clients.
final class OpenAiHttp implements Feature {
    private final LiveGateway live;
    private final StreamTimes times;
    private final EventReaders readers = new EventReaders();

    OpenAiHttp(LiveGateway live, StreamTimes times) {
        this.live = live;
        this.times = times;
        live.now().runtime().runs().observe(new RunNews(readers));
    }

    @Override
    public void route(HttpRouting.Builder http) {
        Predicate<ServerRequest> open = OpenAiHttpKeys::areOpen;
        Paths.only(http, open, "/v1/chat/completions", Method.POST, new ChatCompletions(times));
        new ModelList().route(http, open);
        Paths.any(http, open, "/v1/completions", new OldCompletions());
        Paths.only(http, open, "/v1/events", Method.GET, new Events(live, readers, times.eventSilence()));
    }

    @Override
    public void reread() {
        readers.reread(live.now());
    }

    @Override
    public void drain() {
        readers.drain();
    }

    EventReaders readers() {
        return readers;
    }
}
