package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    private static final String MARK = "M4RKED";

    @TempDir
    private Path folder = Path.of("unset");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer M4RKED-x",
                "AUTHORIZATION: bEARER   M4RKED-x",
                "authorization=Basic M4RKED==",
                "path=/a/Bearer%20M4RKED",
                "invalid key sk-M4RKED_x given",
                "/v1/models/SK-M4RKED",
                "https://me:M4RKED@host/v1",
                "https://M4RKED@host/v1",
                "GET /v1?key=M4RKED&x=1",
                "GET /v1?x=1&x-api-key=M4RKED",
                "{\"apiKey\":\"M4RKED\"}",
                "password: M4RKED",
                "token = M4RKED"
            })
    void masksWhatLooksLikeASecret(String text) {
        assertThat(Masking.nothing().mask(text)).doesNotContain(MARK).contains("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "listening on 127.0.0.1:18789",
                "a task-list of the desk-top",
                "tokensIn=4 tokensOut=5"
            })
    void leavesOtherWordsAlone(String text) {
        assertThat(Masking.nothing().mask(text)).isEqualTo(text);
    }

    @Test
    void masksTheValuesOfConfiguredSecretsWhereverTheyAre() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "M4RKED-in-file\n");
        Map<String, String> values = Map.of(
                "gateway.auth.token", "M4RKED-token",
                "gateway.auth.tokens[0].token", "M4RKED-entry",
                "gateway.auth.passwordFile", file.toString(),
                "models.providers.a.apiKey", "M4RKED+key/",
                "models.providers.a.headers.X-Team", "Key M4RKED-header",
                "models.providers.a.baseUrl", "https://user:M4RKED-user@host/v1?k=M4RKED-query",
                "agents.defaults.model", "home/qwen3");
        var masking = Masking.nothing();
        ConfigSecrets.hide(values, Map.of("OPENCLAW_GATEWAY_PASSWORD", "M4RKED-variable"), masking);
        for (String secret : new String[] {
            "M4RKED-token",
            "M4RKED-entry",
            "M4RKED-in-file",
            "M4RKED+key/",
            "M4RKED%2Bkey%2F",
            "M4RKED-header",
            "M4RKED-user",
            "M4RKED-query",
            "M4RKED-variable"
        }) {
            assertThat(masking.mask("it said x" + secret + "x")).isEqualTo("it said x***x");
        }
        assertThat(masking.mask("home/qwen3")).isEqualTo("home/qwen3");
    }

    @Test
    void knowsABoundedNumberOfSecretsAndNoShortOnes() {
        var masking = Masking.nothing();
        masking.hide("a");
        masking.hide("");
        for (int i = 0; i < 2 * Masking.MAX_SECRETS; i++) {
            masking.hide("secret-" + i + "-");
        }
        assertThat(masking.mask("a banana")).isEqualTo("a banana");
        assertThat(masking.mask("secret-7-")).isEqualTo("***");
        assertThat(masking.mask("secret-" + Masking.MAX_SECRETS + "-")).isNotEqualTo("***");
    }
}
