package io.chela.gateway.ws;

import io.chela.api.spi.Settings;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.LiveGateway;

/// Opens the Gateway protocol's door, which is always open.
public final class GatewayWsProvider implements FeatureProvider {
    @Override
    public String type() {
        return "gateway-ws";
    }

    @Override
    public Record read(Settings configuration) {
        return GatewayWsKeys.read(configuration);
    }

    @Override
    public Feature open(LiveGateway live) {
        return new GatewayWs(live);
    }
}
