package io.chela.edge;

final class GuardOverTlsTest extends GuardTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
