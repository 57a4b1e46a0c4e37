/// Answers when no language model is configured, by saying so. The shortest model provider; the one to copy is in
/// `examples`.
@org.jspecify.annotations.NullMarked
module io.chela.model.offline {
    requires static org.jspecify;
    requires io.chela.api;

    provides io.chela.api.spi.ModelProvider with
            io.chela.model.offline.OfflineProvider;
}
