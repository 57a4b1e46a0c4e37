/// The program `chela`: command line, configuration, state folder, extensions and wiring.
@org.jspecify.annotations.NullMarked
module io.chela.app {
    requires static org.jspecify;
    requires info.picocli;
    requires io.chela.agent.routing;
    requires io.chela.agent.runtime;
    requires io.chela.api;
    requires io.chela.auth;
    requires io.chela.edge;
    requires io.chela.gateway.ws;
    requires io.chela.model.offline;
    requires io.chela.model.openai;
    requires io.chela.openai.http;
    requires io.chela.session;
    requires io.chela.store.sqlite;
    requires io.helidon.config.yaml;
    requires java.logging;
    requires java.net.http;
    requires jdk.unsupported;
    requires org.yaml.snakeyaml;

    uses io.chela.api.spi.ModelProvider;
    uses io.chela.api.spi.StoreProvider;
    uses io.chela.edge.FeatureProvider;

    opens io.chela.app to
            info.picocli;
}
