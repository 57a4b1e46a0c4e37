package io.chela.gateway.ws;

import io.chela.api.spi.Settings;
import io.chela.edge.FeatureProvider;
import java.util.Optional;

/// Opens the Gateway protocol's door, which is always open.
public final class GatewayWsProvider implements FeatureProvider {
    @Override
    public String type() {
        return "gateway-ws";
    }

    @Override
    public Opening read(Settings configuration) {
        return gateway -> Optional.of(new GatewayWs(gateway));
    }
}
