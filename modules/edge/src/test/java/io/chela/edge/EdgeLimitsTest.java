package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EdgeLimitsTest {
    private static final long MB = 1024 * 1024;

    @Test
    void letsInNoMoreTlsConnectionsThanHalfTheHeapHolds() {
        assertThat(EdgeLimits.DEFAULTS.tlsConnections(256 * MB)).isEqualTo(1_365);
        assertThat(EdgeLimits.DEFAULTS.tlsConnections(64 * 1024 * MB)).isEqualTo(EdgeLimits.DEFAULTS.connections());
        assertThat(EdgeLimits.DEFAULTS.tlsConnections(1)).isEqualTo(1);
    }
}
