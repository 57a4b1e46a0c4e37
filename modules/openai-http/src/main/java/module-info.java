/// The OpenAI API door: `POST /v1/chat/completions`, as JSON or as server-sent events, and `GET /v1/models`;
/// beside them `GET /v1/events`, what runs do.
@org.jspecify.annotations.NullMarked
module io.chela.openai.http {
    requires static org.jspecify;
    requires static io.helidon.config.metadata;
    requires io.chela.edge;
    requires io.helidon.webserver.sse;

    provides io.chela.edge.FeatureProvider with
            io.chela.openai.http.OpenAiHttpProvider;
}
