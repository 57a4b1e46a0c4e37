package io.chela.edge;

final class HangupOverTlsTest extends HangupTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
