package io.chela.edge;

final class AttendanceOverTlsTest extends AttendanceTest {
    @Override
    Wire wire() {
        return Wire.TLS;
    }
}
