package io.chela.gateway.ws;

import io.chela.api.spi.Settings;
import io.chela.edge.FeatureProvider;
import java.util.Optional;

/// Opens the Gateway protocol's door, which is always open.
public final class GatewayWsProvider implements FeatureProvider {
    private static final int MOST_SOCKETS = 1_000_000;

    @Override
    public String type() {
        return "gateway-ws";
    }

    @Override
    public Opening read(Settings configuration) {
        int sockets = configuration
                .at("limits")
                .integer("unauthenticatedSockets", Waiting.DEFAULT_OF_ONE_ADDRESS, 1, MOST_SOCKETS);
        return gateway -> Optional.of(new GatewayWs(gateway, sockets));
    }
}
