package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
    @ParameterizedTest
    @CsvSource({
        "*, api.example.org",
        "example.org, example.org",
        "example.org, api.example.org",
        ".example.org, api.example.org",
        ".example.org, example.org",
        "*.example.org, a.b.example.org",
        "EXAMPLE.org, Api.Example.ORG",
        "example.org., example.org",
        "example.org, api.example.org.",
        "'a.test, example.org', example.org",
        "'a.test  example.org', example.org",
        "example.org:443, example.org",
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1:443, 127.0.0.1",
        "10.0.0.0/8, 10.255.1.2",
        "192.168.4.0/22, 192.168.7.255",
        "0.0.0.0/0, 8.8.8.8",
        "::1, ::1",
        "::1, 0:0:0:0:0:0:0:1",
        "[::1], ::1",
        "[::1]:443, ::1",
        "fd00::/8, fd12:3456::1",
    })
    void covers(String list, String host) {
        assertThat(NoProxy.parse(list).covers(host, 443)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', example.org",
        "' , ', example.org",
        "example.org, badexample.org",
        "example.org, example.com",
        "api.example.org, example.org",
        "example.org:8443, example.org",
        "127.0.0.1, 127.0.0.10",
        "127.0.0.1:80, 127.0.0.1",
        "10.0.0.0/8, 11.0.0.1",
        "192.168.4.0/22, 192.168.8.0",
        "10.0.0.0/99, 10.0.0.1",
        "10.0.0.0/8, 10.example.org",
        "10.0.0.0/8, fd00::1",
        "fd00::/8, fe80::1",
        "127.0.0.0/8, localhost",
    })
    void doesNotCover(String list, String host) {
        assertThat(NoProxy.parse(list).covers(host, 443)).isFalse();
    }
}
