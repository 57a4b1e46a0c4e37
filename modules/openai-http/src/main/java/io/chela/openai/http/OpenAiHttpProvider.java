package io.chela.openai.http;

import io.chela.api.spi.Settings;
import io.chela.edge.FeatureProvider;
import java.util.Optional;

/// Opens the OpenAI door where `gateway.http.endpoints` says so: `chatCompletions.enabled`, off by default.
public final class OpenAiHttpProvider implements FeatureProvider {
    private static final int MOST_READERS = 100_000;

    @Override
    public String type() {
        return "openai-http";
    }

    @Override
    public Opening read(Settings configuration) {
        boolean enabled = configuration
                .at("gateway")
                .at("http")
                .at("endpoints")
                .at("chatCompletions")
                .flag("enabled", false);
        int eventReaders =
                configuration.at("limits").integer("eventReaders", EventReaders.DEFAULT_READERS, 1, MOST_READERS);
        return gateway ->
                enabled ? Optional.of(new OpenAiHttp(gateway, StreamTimes.STANDARD, eventReaders)) : Optional.empty();
    }
}
