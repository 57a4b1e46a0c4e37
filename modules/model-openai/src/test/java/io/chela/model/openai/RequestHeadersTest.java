package io.chela.model.openai;

import static io.chela.model.openai.Asked.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.testkit.ScriptedUpstream;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The headers and the query that a server sees.
class RequestHeadersTest {
    private static ScriptedUpstream.Request seen(String query, String... entry) {
        try (var upstream = ScriptedUpstream.saying("ok")) {
            Map<String, String> settings = new HashMap<>();
            settings.put("baseUrl", upstream.baseUrl() + query);
            for (int i = 0; i < entry.length; i += 2) {
                settings.put(entry[i], entry[i + 1]);
            }
            Asked.events(model(settings));
            return upstream.requests().getFirst();
        }
    }

    @Test
    void keepsEveryPartOfAQuery() {
        String[] path = seen("/deployments/gpt-4o/?api-version=2024-10-21&sig=a%2Bb%2Fc%3D%20d%26")
                .path()
                .split("\\?");
        assertThat(path[0]).isEqualTo("/v1/deployments/gpt-4o/chat/completions");
        assertThat(path[1].split("&")).containsExactlyInAnyOrder("api-version=2024-10-21", "sig=a%2Bb%2Fc%3D%20d%26");
    }

    @Test
    void speaksToAzureWithItsOwnHeader() {
        var request = seen(
                "?api-version=2024-10-21",
                "apiKey",
                "azure-key",
                "authHeader",
                "false",
                "headers.api-key",
                "azure-key");
        assertThat(request.path()).isEqualTo("/v1/chat/completions?api-version=2024-10-21");
        assertThat(request.headers()).containsEntry("api-key", "azure-key").doesNotContainKey("authorization");
    }

    @Test
    void sendsTheCredentialInAHeaderOfAnyName() {
        var request = seen(
                "",
                "apiKey",
                "unused",
                "request.auth.mode",
                "header",
                "request.auth.headerName",
                "api-key",
                "request.auth.value",
                "the-key",
                "request.auth.prefix",
                "Key ");
        assertThat(request.headers()).containsEntry("api-key", "Key the-key").doesNotContainKey("authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "request.auth.mode, provider-default, Bearer sk-1",
        "authHeader, true, Bearer sk-1",
        "authHeader, false, ",
        "headers.authorization, Own sk-2, Own sk-2",
        "request.headers.AUTHORIZATION, Own sk-3, Own sk-3",
    })
    void authorizes(String key, String value, @org.jspecify.annotations.Nullable String authorization) {
        assertThat(seen("", "apiKey", "sk-1", key, value).headers().get("authorization"))
                .isEqualTo(authorization);
    }

    @Test
    void takesATokenBeforeEveryOtherAuthorization() {
        var request = seen(
                "",
                "apiKey",
                "sk-1",
                "headers.Authorization",
                "Own sk-2",
                "request.auth.mode",
                "authorization-bearer",
                "request.auth.token",
                "sk-3");
        assertThat(request.headers()).containsEntry("authorization", "Bearer sk-3");
    }

    @Test
    void takesAHeaderOfTheRequestBeforeThatOfTheEntryWhateverItsCase() {
        var request = seen("", "headers.X-Team", "blue", "headers.X-Other", "1", "request.headers.x-team", "red");
        assertThat(request.headers()).containsEntry("x-team", "red").containsEntry("x-other", "1");
    }

    @ParameterizedTest
    @CsvSource({
        "headers.Host, h, headers.Host: cannot be set",
        "headers.Content-Length, 1, headers.Content-Length: cannot be set",
        "request.headers.transfer-encoding, chunked, request.headers.transfer-encoding: cannot be set",
        "headers.Proxy-Authorization, Basic x, 'headers.Proxy-Authorization: is for the proxy alone; write the user and"
                + " password into request.proxy.url'",
        "headers.a b, x, headers.a b: is no name of an HTTP header",
        "request.auth.mode, token, 'request.auth.mode: must be provider-default, authorization-bearer (with token) or'",
        "request.auth.mode, header, request.auth.headerName: is missing",
        "request.auth.mode, authorization-bearer, request.auth.token: is missing",
        "authHeader, maybe, authHeader: must be true or false",
    })
    void namesTheKeyOfWhatCannotBeSent(String key, String value, String mistake) {
        assertThatThrownBy(() -> model(Map.of("baseUrl", "http://h", key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(mistake);
    }

    @ParameterizedTest
    @CsvSource({"headers.X-A", "request.headers.X-A", "apiKey"})
    void refusesALineBreakWithoutRepeatingTheValue(String key) {
        assertThatThrownBy(() -> model(Map.of("baseUrl", "http://h", key, "secret\r\nX-B: 1")))
                .hasMessage(key + ": must be printable ASCII, on one line");
    }

    @Test
    void refusesAHeaderOfTheCredentialThatIsTheConnections() {
        var entry = Map.of(
                "baseUrl", "http://h",
                "request.auth.mode", "header",
                "request.auth.headerName", "Connection",
                "request.auth.value", "v");
        assertThatThrownBy(() -> model(entry)).hasMessageStartingWith("request.auth.headerName: cannot be set");
    }

    @Test
    void masksWhatTheServerRepeatsOfTheCredentials() {
        try (var upstream = ScriptedUpstream.answering(exchange ->
                exchange.json(400, "{\"error\":{\"message\":\"bad k1 or queryqueryquery for version 2024-10-21\"}}"))) {
            var model = model(Map.of(
                    "baseUrl", upstream.baseUrl() + "?api-version=2024-10-21&sig=queryqueryquery",
                    "request.auth.mode", "header",
                    "request.auth.headerName", "api-key",
                    "request.auth.value", "k1"));
            assertThat(Asked.failure(model).message()).endsWith("bad *** or *** for version 2024-10-21");
        }
    }
}
