package io.chela.edge;

final class BadHttpOverTlsTest extends BadHttpTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
