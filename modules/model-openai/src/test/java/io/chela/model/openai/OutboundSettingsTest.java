package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an entry says about the way to its server: which it is, and what is a mistake.
class OutboundSettingsTest {
    private static final String PROXY = "explicit-proxy";

    private static OpenAiSettings read(Map<String, String> environment, String... entry) {
        Map<String, String> settings = new HashMap<>(Map.of("baseUrl", "https://api.example.org/v1"));
        for (int i = 0; i < entry.length; i += 2) {
            settings.put(entry[i], entry[i + 1]);
        }
        return OpenAiSettings.read(Asked.context(settings, environment));
    }

    private static String mistakes(String... entry) {
        var refused = catchThrowableOfType(IllegalArgumentException.class, () -> read(Map.of(), entry));
        return String.valueOf(refused.getMessage());
    }

    private static String place(Map<String, String> environment, String baseUrl) {
        return read(environment, "baseUrl", baseUrl, "request.proxy.mode", "env-proxy")
                .route()
                .place();
    }

    @Test
    void isADirectConnectionUnlessAProxyIsConfigured() {
        var environment = Map.of("HTTPS_PROXY", "http://proxy:3128", "ALL_PROXY", "http://proxy:3128");
        assertThat(read(environment).route().place()).isEqualTo("api.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, https://api.example.org, proxy:3128",
        "https_proxy, https://api.example.org, proxy:3128",
        "HTTP_PROXY, https://api.example.org, proxy:3128",
        "HTTP_PROXY, http://api.example.org, proxy:3128",
        "HTTPS_PROXY, http://api.example.org, ",
        "ALL_PROXY, https://api.example.org, ",
    })
    void takesTheProxyOfTheEnvironment(
            String variable, String baseUrl, @org.jspecify.annotations.Nullable String proxy) {
        assertThat(place(Map.of(variable, "http://u:secret@proxy:3128/"), baseUrl))
                .isEqualTo("api.example.org" + (proxy == null ? "" : " through the proxy " + proxy));
    }

    @Test
    void takesTheVariableForTlsAndTheLowerCaseOneFirst() {
        var environment = Map.of(
                "HTTP_PROXY",
                "http://a:1",
                "http_proxy",
                "http://b:2",
                "HTTPS_PROXY",
                "http://c:3",
                "https_proxy",
                " ");
        assertThat(place(environment, "https://api.example.org")).endsWith(" c:3");
        assertThat(place(environment, "http://api.example.org")).endsWith(" b:2");
    }

    @ParameterizedTest
    @CsvSource({"NO_PROXY", "no_proxy"})
    void reachesWhatTheEnvironmentExceptsDirectly(String variable) {
        var environment = Map.of("https_proxy", "proxy:3128", variable, "localhost,.example.org,10.0.0.0/8");
        assertThat(place(environment, "https://api.example.org/v1")).isEqualTo("api.example.org");
        assertThat(place(environment, "https://10.1.2.3:8443/v1")).isEqualTo("10.1.2.3:8443");
        assertThat(place(environment, "https://example.com/v1")).isEqualTo("example.com through the proxy proxy:3128");
    }

    @Test
    void doesNotExceptAnythingFromAProxyThatIsNamedInTheFile() {
        var settings =
                read(Map.of("NO_PROXY", "*"), "request.proxy.mode", PROXY, "request.proxy.url", "http://[::1]:3128");
        assertThat(settings.route().place()).isEqualTo("api.example.org through the proxy [::1]:3128");
    }

    @Test
    void tellsNoCredentialOfTheProxyToAnybody() {
        var settings =
                read(Map.of(), "request.proxy.mode", PROXY, "request.proxy.url", "http://me:p%40ss%2Bw+rd@proxy:3128");
        var proxy = settings.route().proxy().orElseThrow();
        String basic = Base64.getEncoder().encodeToString("me:p@ss+w+rd".getBytes(UTF_8));
        assertThat(proxy.authorization().orElseThrow().reveal()).isEqualTo("Basic " + basic);
        assertThat(settings.toString() + new OpenAiModels(settings).destination())
                .contains("https://api.example.org through the proxy proxy:3128")
                .doesNotContain("p@ss+w+rd", "p%40ss", basic);
    }

    @ParameterizedTest
    @CsvSource({
        "'', request.proxy.mode: must be explicit-proxy (with url) or env-proxy",
        "direct, request.proxy.mode: must be explicit-proxy (with url) or env-proxy",
        "explicit-proxy, 'request.proxy.url: is missing, such as http://proxy:3128'",
    })
    void namesWhatAProxyLacks(String mode, String mistake) {
        assertThat(mistakes("request.proxy.mode", mode)).isEqualTo(mistake);
    }

    @ParameterizedTest
    @CsvSource({
        "socks5://u:topsecret@proxy:1080",
        "http://u:topsecret@proxy:0",
        "http://u:topsecret@proxy:99999",
        "http://u:topsecret@proxy/path",
        "http://u:topsecret@proxy?x=1",
        "http://u:top^secret@proxy",
        "http://u:topsecret@",
        "http://u:topsecret@pro xy",
    })
    void refusesAProxyUrlWithoutRepeatingIt(String url) {
        assertThat(mistakes("request.proxy.mode", PROXY, "request.proxy.url", url))
                .startsWith("request.proxy.url: must be a URL such as http://proxy:3128")
                .doesNotContain("secret");
        var refused = catchThrowableOfType(
                IllegalArgumentException.class,
                () -> read(Map.of("HTTPS_PROXY", url), "request.proxy.mode", "env-proxy"));
        assertThat(refused)
                .hasMessageStartingWith("request.proxy.mode: HTTPS_PROXY in the environment must be a URL")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "request.proxy.tls.serverName, proxy.example.org, request.proxy.tls: has no meaning for a proxy of http",
        "request.proxy.colour, red, request.proxy.colour: unknown key",
        "request.colour, red, 'request.colour: unknown key; known here: allowPrivateNetwork, auth, headers, proxy, tls'",
        "request.allowPrivateNetwork, false, request.allowPrivateNetwork: false is refused",
        "request.tls.insecureSkipVerify, true, request.tls.insecureSkipVerify: true is refused",
        "request.tls.insecureSkipVerify, perhaps, request.tls.insecureSkipVerify: must be true or false",
        "request.tls.passphrase, x, request.tls.passphrase: is not supported",
        "request.tls.serverName, a b, 'request.tls.serverName: must be a host name, not'",
        "request.tls.caPath, ca.pem, request.tls.caPath: ca.pem is no absolute path",
        "request.tls.caPath, /no/such.pem, request.tls.caPath: /no/such.pem does not exist",
        "request.tls.ca, x, request.tls.ca: holds no certificate",
        "request.tls.keyPath, /no/such.key, request.tls.certPath: is missing: a certificate and its key go together",
        "baseUrl, http://u:topsecret@h/v1, 'baseUrl: must be an http or https URL'",
        "baseUrl, https://api.example.org/v1#x, 'baseUrl: must be an http or https URL'",
        "baseUrl, ftp://h?key=topsecret, 'baseUrl: must be an http or https URL, such as http://127.0.0.1:8080/v1, not'",
    })
    void namesEveryKeyThatCannotBeDone(String key, String value, String mistake) {
        assertThat(mistakes("request.proxy.mode", PROXY, "request.proxy.url", "http://proxy:3128", key, value))
                .contains(mistake)
                .doesNotContain("secret");
    }

    @Test
    void refusesTermsOfTlsForAServerWithoutIt() {
        assertThat(mistakes("baseUrl", "http://h/v1", "request.tls.serverName", "h.example.org"))
                .isEqualTo("request.tls: has no meaning for a baseUrl of http; write https there, or leave this out");
    }

    @Test
    void takesWhatOpenClawAllowsAndIsTrueHereAnyway() {
        assertThat(read(Map.of(), "request.allowPrivateNetwork", "true", "request.tls.insecureSkipVerify", "false")
                        .route()
                        .tls())
                .isEqualTo(TlsTerms.USUAL);
    }
}
