package io.chela.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static ObjectNode object(Map<String, String> values) {
        var object = ObjectNode.builder();
        values.forEach(object::addValue);
        return object.build();
    }

    private static Settings settings(ObjectNode node) {
        return Settings.of(Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(ConfigSources.create(node))
                .build());
    }

    @Test
    void readsValuesWithTheirFallbacks() {
        var settings = settings(ObjectNode.builder()
                .addValue("port", "18790")
                .addObject("deep", object(Map.of("on", "true")))
                .addList(
                        "list",
                        ListNode.builder()
                                .addObject(object(Map.of("id", "a")))
                                .addObject(object(Map.of("id", "b")))
                                .build())
                .build());
        assertThat(settings.integer("port", 1, 0, 65_535)).isEqualTo(18_790);
        assertThat(settings.integer("other", 7, 0, 9)).isEqualTo(7);
        assertThat(settings.integer("port", 0, 65_535)).contains(18_790);
        assertThat(settings.integer("other", 0, 9)).isEmpty();
        assertThat(settings.at("deep").flag("on", false)).isTrue();
        assertThat(settings.list("list").stream().map(entry -> entry.required("id")))
                .containsExactly("a", "b");
        settings.finish();
    }

    /// As the program and the doors do with `gateway`.
    @Test
    void letsSeveralReadersShareAnObject() {
        var settings = settings(ObjectNode.builder()
                .addObject("gateway", object(Map.of("port", "1", "door", "open", "prot", "2")))
                .build());
        assertThat(settings.at("gateway").integer("port", 0, 0, 9)).isEqualTo(1);
        assertThat(settings.at("gateway").text("door")).contains("open");
        assertThat(settings.mistakes())
                .containsExactly("gateway.prot: unknown key, perhaps meant as 'port'; known here: door, port");
    }

    @Test
    void remembersWhatHoldsWhereTheConfigurationIsSilent() {
        var settings = settings(ObjectNode.builder()
                .addObject("gateway", object(Map.of("port", "1")))
                .build());
        settings.at("gateway").integer("port", 7, 0, 9);
        settings.at("gateway").text("bind", "loopback");
        settings.at("gateway").text("token");
        settings.at("gateway").textList("origins");
        settings.at("gateway").integer("backlog", 1, 9);
        assertThat(settings.fallbacks())
                .containsEntry("gateway.port", Optional.of("7"))
                .containsEntry("gateway.bind", Optional.of("loopback"))
                .containsEntry("gateway.token", Optional.empty())
                .containsEntry("gateway.origins", Optional.of("[]"))
                .containsEntry("gateway.backlog", Optional.empty());
    }

    @Test
    void tellsWhatStandsBelowAKeyWithoutReadingIt() {
        var settings = settings(ObjectNode.builder()
                .addObject("gateway", object(Map.of("port", "1")))
                .addList("ids", ListNode.builder().addValue("a").build())
                .build());
        assertThat(settings.isObject("gateway")).isTrue();
        assertThat(settings.isObject("ids")).isFalse();
        assertThat(settings.isList("ids")).isTrue();
        assertThat(settings.isList("gateway")).isFalse();
        assertThat(settings.isList("nothing")).isFalse();
        assertThat(settings.values()).isEqualTo(Map.of("gateway.port", "1", "ids[0]", "a"));
        assertThat(settings.mistakes()).hasSize(2).allMatch(mistake -> mistake.contains("unknown key"));
    }

    @Test
    void gathersEveryMistakeWithItsPath() {
        var settings = settings(ObjectNode.builder()
                .addValue("port", "many")
                .addObject("size", object(Map.of("width", "1")))
                .addList(
                        "list",
                        ListNode.builder()
                                .addObject(object(Map.of("id", "", "colour", "red")))
                                .build())
                .build());
        settings.integer("port", 1, 0, 65_535);
        settings.list("list").forEach(entry -> entry.required("id"));
        settings.text("size");
        assertThatThrownBy(settings::finish)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("port: must be a whole number from 0 to 65535, not 'many'")
                .contains("list[0].id: is missing")
                .contains("list[0].colour: unknown key; known here: id")
                .contains("size: must be a plain value");
    }

    /// A digit alone makes no list.
    @Test
    void namesAKeyThatIsANumber() {
        var whole = settings(ObjectNode.builder()
                .addObject(
                        "providers",
                        ObjectNode.builder()
                                .addObject("7", object(Map.of("url", "x")))
                                .build())
                .build());
        assertThat(whole.values()).containsExactly(Map.entry("providers.7.url", "x"));
        assertThat(whole.entries("providers").keySet()).containsExactly("7");
        assertThat(whole.mistakes()).singleElement().asString().startsWith("providers.7.url: unknown key");
    }

    @Test
    void namesAKeyThatHasADot() {
        var settings = settings(ObjectNode.builder()
                .addObject(
                        "providers",
                        ObjectNode.builder()
                                .addObject("my~1server", object(Map.of("url", "x")))
                                .build())
                .build());
        assertThat(settings.entries("providers"))
                .hasEntrySatisfying(
                        "my.server", server -> assertThat(server.text("url")).contains("x"));
        settings.finish();
    }
}
