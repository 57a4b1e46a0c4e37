package io.chela.edge;

final class WsOverTlsTest extends WsTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
