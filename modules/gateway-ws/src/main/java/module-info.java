/// The OpenClaw Gateway protocol door, version 4: a WebSocket at `/` on the same port.
@org.jspecify.annotations.NullMarked
module io.chela.gateway.ws {
    requires static org.jspecify;
    requires static io.helidon.config.metadata;
    requires io.chela.edge;

    provides io.chela.edge.FeatureProvider with
            io.chela.gateway.ws.GatewayWsProvider;
}
