/// Answers when no language model is configured, by saying so. Also the example of a model provider to copy.
@org.jspecify.annotations.NullMarked
module io.chela.model.offline {
    requires static org.jspecify;
    requires io.chela.api;

    provides io.chela.api.spi.ModelProvider with
            io.chela.model.offline.OfflineProvider;
}
