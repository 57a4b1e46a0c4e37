package io.chela.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Scope;
import io.chela.api.Secret;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyAuthTest {
    private static final TrustedProxies PROXIES =
            TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8", "127.0.0.1"), false);
    private static final String CLIENT = "203.0.113.7";

    private static Authenticator authenticator(boolean allowLoopback) {
        var rules = new ProxyAuth.Rules("X-User", List.of("x-proxy"), Set.of("nick", "विजय"), allowLoopback);
        return new Authenticator(
                Optional.of(new TokenAuth(new Secret("local"))),
                Optional.of(new ProxyAuth(rules)),
                new AuthRules(RateLimit.DEFAULTS, PROXIES, Origins.OWN, Clock.systemUTC()));
    }

    private static String who(Authenticator authenticator, String peer, String... headers) {
        return switch (authenticator.check(Claims.through(PROXIES, peer, headers))) {
            case AuthResult.Granted granted -> granted.principal().id();
            case AuthResult.Denied _ -> "denied";
        };
    }

    @Test
    void believesAProxyThatSendsEverythingItShould() {
        var some = authenticator(false);
        assertThat(who(some, "10.1.2.3", "x-forwarded-for", CLIENT, "x-user", "nick", "x-proxy", "1"))
                .isEqualTo("user:nick");
        assertThat(who(some, "fd00::9", "x-forwarded-for", CLIENT, "x-user", "विजय", "x-proxy", "1"))
                .isEqualTo("user:विजय");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "192.0.2.1, 203.0.113.7, nick, 1",
                "10.1.2.3, -, nick, 1",
                "10.1.2.3, 127.0.0.1, nick, 1",
                "10.1.2.3, 203.0.113.7, eve, 1",
                "10.1.2.3, 203.0.113.7, -, 1",
                "10.1.2.3, 203.0.113.7, nick, -",
                "127.0.0.1, 203.0.113.7, nick, 1",
            })
    void believesNobodyElse(String peer, String client, String user, String proof) {
        var headers = new java.util.ArrayList<String>();
        add(headers, "x-forwarded-for", client);
        add(headers, "x-user", user);
        add(headers, "x-proxy", proof);
        assertThat(who(authenticator(false), peer, headers.toArray(String[]::new)))
                .isEqualTo("denied");
    }

    private static void add(List<String> headers, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            headers.add(name);
            headers.add(value);
        }
    }

    @Test
    void refusesASecondUserThatTheCallerAdded() {
        Map<String, List<String>> headers =
                Map.of("x-forwarded-for", List.of(CLIENT), "x-user", List.of("nick", "nick"), "x-proxy", List.of("1"));
        var caller = PROXIES.caller(InetAddress.ofLiteral("10.1.2.3"), headers);
        assertThat(authenticator(false).check(new Claim(caller, headers, Departure.UNSEEN)))
                .isInstanceOf(AuthResult.Denied.class);
    }

    @Test
    void allowsAProxyOnThisMachineOnlyWhenToldTo() {
        assertThat(who(authenticator(true), "127.0.0.1", "x-forwarded-for", CLIENT, "x-user", "nick", "x-proxy", "1"))
                .isEqualTo("user:nick");
    }

    @Test
    void takesThePasswordOfADirectCallerOfThisMachineAlone() {
        var some = authenticator(true);
        assertThat(who(some, "127.0.0.1", "authorization", "Bearer local")).isEqualTo("operator");
        assertThat(who(some, "127.0.0.1", "authorization", "Bearer x")).isEqualTo("denied");
        assertThat(who(some, "127.0.0.1", "authorization", "Bearer local", "x-forwarded-for", CLIENT))
                .isEqualTo("denied");
        assertThat(who(some, "10.1.2.3", "authorization", "Bearer local")).isEqualTo("denied");
    }

    @Test
    void narrowsAUsersScopes() {
        var claim = Claims.through(
                PROXIES,
                "10.1.2.3",
                "x-forwarded-for",
                CLIENT,
                "x-user",
                "nick",
                "x-proxy",
                "1",
                "x-openclaw-scopes",
                "operator.read");
        assertThat(authenticator(false).check(claim))
                .isInstanceOfSatisfying(
                        AuthResult.Granted.class,
                        granted -> assertThat(granted.principal().scopes()).containsExactly(Scope.READ));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 | 203.0.113.7 | 203.0.113.7 | true",
                "10.0.0.1 | 1.1.1.1, 203.0.113.7, 10.0.0.2 | 203.0.113.7 | true",
                "10.0.0.1 | 203.0.113.7:4711 | 203.0.113.7 | true",
                "10.0.0.1 | [2001:db8::7]:4711 | 2001:db8:0:0:0:0:0:7 | true",
                "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3 | true",
                "10.0.0.1 | 203.0.113.7, unknown, 10.0.0.2 | 10.0.0.2 | true",
                "10.0.0.1 | unknown | 10.0.0.1 | false",
                "192.0.2.1 | 203.0.113.7 | 192.0.2.1 | false",
            })
    void takesTheRightmostAddressThatIsNoProxyOfOurs(String peer, String hops, String address, boolean proxied) {
        var caller = PROXIES.caller(InetAddress.ofLiteral(peer), Map.of("x-forwarded-for", List.of(hops)));
        assertThat(caller.address().getHostAddress()).isEqualTo(address);
        assertThat(caller.proxied()).isEqualTo(proxied);
        assertThat(caller.local()).isFalse();
    }

    @Test
    void takesXRealIpOnlyWhenToldTo() {
        Map<String, List<String>> headers = Map.of("x-real-ip", List.of(CLIENT));
        var peer = InetAddress.ofLiteral("10.0.0.1");
        assertThat(PROXIES.caller(peer, headers).proxied()).isFalse();
        var caller = TrustedProxies.of(List.of("10.0.0.1"), true).caller(peer, headers);
        assertThat(caller.address().getHostAddress()).isEqualTo(CLIENT);
        assertThat(caller.proxied()).isTrue();
    }

    @Test
    void believesNeitherOfTwoRealIps() {
        var headers = Map.of("x-real-ip", List.of("198.51.100.1", CLIENT));
        var caller = TrustedProxies.of(List.of("10.0.0.0/8"), true).caller(InetAddress.ofLiteral("10.1.2.3"), headers);
        assertThat(caller.address()).isEqualTo(caller.peer());
        assertThat(caller.proxied()).isFalse();
    }

    @Test
    void doesNotCountAsLocalWhoeverForwards() {
        var here = InetAddress.ofLiteral("127.0.0.1");
        assertThat(TrustedProxies.NONE.caller(here, Map.of()).local()).isTrue();
        for (String header : List.of("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip")) {
            assertThat(TrustedProxies.NONE
                            .caller(here, Map.of(header, List.of("x")))
                            .local())
                    .as(header)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, true",
        "10.0.0.0/8, true",
        "fd00::/8, true",
        "::1, true",
        "0.0.0.0/0, false",
        "10.0.0.0/33, false",
        "10.0.0.0/x, false",
        "proxy.example, false",
        "10.1, false",
        "'', false",
    })
    void readsAddressesAndRanges(String text, boolean legal) {
        assertThat(TrustedProxies.isRange(text)).isEqualTo(legal);
    }

    @Test
    void holdsAnAddressAgainstARangeBitByBit() {
        var range = AddressRange.parse("192.168.128.0/17").orElseThrow();
        assertThat(range.contains(InetAddress.ofLiteral("192.168.255.1"))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral("192.168.127.1"))).isFalse();
        assertThat(range.contains(InetAddress.ofLiteral("::1"))).isFalse();
    }

    @Test
    void allowsHostsThatAreThisMachineOrAnAllowedPages() {
        var origins = new Origins(Set.of("https://ui.example"));
        assertThat(List.of("localhost", "127.0.0.1:18789", "[::1]:18789", "ui.example:8"))
                .allMatch(origins::allowHost);
        assertThat(List.of("evil.example", "evil.example:18789", "", "localhost.evil.example", "?"))
                .noneMatch(origins::allowHost);
    }

    @Test
    void allowsOriginsByWhereTheCallerAndThePageAre() {
        var origins = new Origins(Set.of("https://UI.example/"));
        assertThat(List.of(
                        origins.allow("http://127.0.0.1:1", "x", true),
                        origins.allow("http://[::1]:1", "x", true),
                        origins.allow("https://ui.example", "x", false),
                        new Origins(Set.of("*")).allow("null", "x", true),
                        origins.allow("https://gw.lan:8", "gw.lan:8", false)))
                .containsOnly(true);
        assertThat(List.of(
                        origins.allow("javascript://localhost/", "x", true),
                        origins.allow("https://evil.example", "evil.example", true),
                        origins.allow("null", "x", true),
                        origins.allow("http://localhost", "gw.lan", false),
                        origins.allow("https://gw.lan:9", "gw.lan:8", false)))
                .containsOnly(false);
    }
}
