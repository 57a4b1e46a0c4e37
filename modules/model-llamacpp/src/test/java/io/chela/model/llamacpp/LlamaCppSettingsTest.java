package io.chela.model.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlamaCppSettingsTest {
    @SafeVarargs
    private static LlamaCppSettings read(Map<String, String> entry, Map<String, String>... models) {
        var list = ListNode.builder();
        for (Map<String, String> model : models) {
            list.addObject(object(model).build());
        }
        var node = object(entry).addList("models", list.build()).build();
        var config = Config.builder(ConfigSources.create(node))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        return LlamaCppSettings.read(
                new ExtensionContext("local", Settings.of(config), Path.of("/state"), Path.of("/models")));
    }

    private static ObjectNode.Builder object(Map<String, String> values) {
        var object = ObjectNode.builder();
        values.forEach(object::addValue);
        return object;
    }

    @Test
    void readsAnEntryWithItsDefaults() {
        LlamaCppSettings settings =
                read(Map.of("api", "llamacpp"), Map.of("id", "smollm2", "name", "SmolLM2", "file", "a/small.gguf"));

        assertThat(settings)
                .isEqualTo(new LlamaCppSettings(
                        "local",
                        32,
                        Duration.ofMinutes(2),
                        List.of(new LlamaCppSettings.Gguf("smollm2", Path.of("/models/a/small.gguf"), 2048, 512))));
    }

    @Test
    void takesAnAbsoluteFileAndEveryKey() {
        LlamaCppSettings settings = read(
                Map.of("queue", "0", "timeoutSeconds", "7"),
                Map.of("id", "m", "file", "/elsewhere/m.gguf", "contextWindow", "512", "maxTokens", "100"));

        assertThat(settings.queue()).isZero();
        assertThat(settings.silence()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.models())
                .containsExactly(new LlamaCppSettings.Gguf("m", Path.of("/elsewhere/m.gguf"), 512, 100));
    }

    @Test
    void refusesUnknownKeysWrongValuesAndTwinsAllTogether() {
        assertThatThrownBy(() -> read(
                        Map.of("baseUrl", "http://127.0.0.1", "queue", "many"),
                        Map.of("id", "m", "file", "m.gguf", "threads", "2", "contextWindow", "5"),
                        Map.of("id", "m", "file", "m.gguf", "maxTokens", "9000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "baseUrl: unknown key",
                        "queue: must be a whole number",
                        "models[0].threads: unknown key",
                        "models[0].contextWindow: must be a whole number",
                        "models[1].id: is 'm' a second time",
                        "models[1].maxTokens: must be a whole number from 1 to 2048");
    }

    @Test
    void refusesAnEntryWithoutAModelOrAModelWithoutAFile() {
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining("models: must list a model");
        assertThatThrownBy(() -> read(Map.of(), Map.of("id", "m"))).hasMessageContaining("models[0].file: is missing");
    }
}
