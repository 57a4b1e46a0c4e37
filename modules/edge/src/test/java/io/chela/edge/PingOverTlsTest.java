package io.chela.edge;

final class PingOverTlsTest extends PingTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
