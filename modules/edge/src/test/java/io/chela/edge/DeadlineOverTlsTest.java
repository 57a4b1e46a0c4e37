package io.chela.edge;

final class DeadlineOverTlsTest extends DeadlineTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
