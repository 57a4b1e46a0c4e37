/// The one listener: connections with deadlines and hang-up, request ids, error bodies, health, WebSocket
/// channels.
///
/// A door is a [Feature][io.chela.edge.Feature] and is written against Helidon's routing; what a door's
/// protocol says
/// is
/// unknown here. Helidon is pinned to one version: the WebSocket upgrader it wraps is marked internal there.
@org.jspecify.annotations.NullMarked
module io.chela.edge {
    requires static org.jspecify;
    requires static io.helidon.config.metadata;
    requires io.helidon.builder.api;
    requires io.helidon.common.task;
    requires transitive io.chela.agent.routing;
    requires transitive io.chela.agent.runtime;
    requires transitive io.chela.api;
    requires transitive io.chela.auth;
    requires transitive io.chela.session;
    requires transitive io.helidon.webserver;
    requires transitive io.helidon.webserver.websocket;

    exports io.chela.edge;

    // For the whole program: without it Helidon's TLS listener asks the DNS for every caller's name.
    provides java.net.spi.InetAddressResolverProvider with
            io.chela.edge.NoReverseLookup;
}
