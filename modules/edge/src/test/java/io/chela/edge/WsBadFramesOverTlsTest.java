package io.chela.edge;

final class WsBadFramesOverTlsTest extends WsBadFramesTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
