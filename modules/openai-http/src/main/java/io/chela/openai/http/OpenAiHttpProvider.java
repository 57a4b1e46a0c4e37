package io.chela.openai.http;

import io.chela.api.spi.Settings;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.LiveGateway;

/// Opens the OpenAI door where `gateway.http.endpoints` says so: `chatCompletions.enabled`, off by default.
public final class OpenAiHttpProvider implements FeatureProvider {
    @Override
    public String type() {
        return "openai-http";
    }

    @Override
    public Record read(Settings configuration) {
        return OpenAiHttpKeys.read(configuration);
    }

    @Override
    public Feature open(LiveGateway live) {
        return new OpenAiHttp(live, StreamTimes.STANDARD);
    }
}
