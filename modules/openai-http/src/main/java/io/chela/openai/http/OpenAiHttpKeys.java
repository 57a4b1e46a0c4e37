package io.chela.openai.http;

import io.chela.api.spi.Settings;
import io.chela.edge.Gateway;
import io.helidon.webserver.http.ServerRequest;

/// What the configuration says of this door.
///
/// @param chat whether the door is open
/// @param eventReaders how many may read `/v1/events` at a time, over all callers
record OpenAiHttpKeys(boolean chat, int eventReaders) {
    static final int DEFAULT_READERS = 64;

    private static final int MOST_READERS = 100_000;

    static OpenAiHttpKeys read(Settings configuration) {
        boolean chat = configuration
                .at("gateway")
                .at("http")
                .at("endpoints")
                .at("chatCompletions")
                .flag("enabled", false);
        int readers = configuration.at("limits").integer("eventReaders", DEFAULT_READERS, 1, MOST_READERS);
        return new OpenAiHttpKeys(chat, readers);
    }

    /// Tells whether the door is open for a request.
    static boolean areOpen(ServerRequest request) {
        return Gateway.of(request).keys(OpenAiHttpKeys.class).chat();
    }
}
