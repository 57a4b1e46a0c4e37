package io.chela.gateway.ws;

import io.chela.api.spi.Settings;

/// What the configuration says of this door.
///
/// @param unauthenticatedSockets how many of one address may be open without having connected
record GatewayWsKeys(int unauthenticatedSockets) {
    static final GatewayWsKeys DEFAULTS = new GatewayWsKeys(32);

    private static final int MOST_SOCKETS = 1_000_000;

    static GatewayWsKeys read(Settings configuration) {
        return new GatewayWsKeys(configuration
                .at("limits")
                .integer("unauthenticatedSockets", DEFAULTS.unauthenticatedSockets(), 1, MOST_SOCKETS));
    }
}
