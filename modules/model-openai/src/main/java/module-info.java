/// Models behind any server that speaks the OpenAI chat completions API.
///
/// Replies are always asked for as a stream. Every blocked phase of a call (connect, TLS, sending, waiting for
/// headers,
/// mid-stream) ends when the reply is closed.
@org.jspecify.annotations.NullMarked
module io.chela.model.openai {
    requires static org.jspecify;
    requires static io.helidon.config.metadata;
    requires io.chela.api;
    requires io.helidon.http;
    requires io.helidon.webclient.api;
    requires io.helidon.webclient.http1;

    provides io.chela.api.spi.ModelProvider with
            io.chela.model.openai.OpenAiProvider;
}
