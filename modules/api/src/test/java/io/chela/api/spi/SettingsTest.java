package io.chela.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                .contains("size: must be a plain value, not an object");
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
    void takesNothingForAnObjectOrAListThatIsNotThere() {
        var settings = settings(object(Map.of("agents", "", "list", "", "names", "", "proxy", "")));
        assertThat(settings.at("agents").list("list")).isEmpty();
        assertThat(settings.list("list")).isEmpty();
        assertThat(settings.textList("names")).isEmpty();
        assertThat(settings.at("proxy").exists()).isFalse();
        settings.finish();
    }

    @Test
    void saysWhatItFoundInsteadButNoText() {
        var settings = settings(ObjectNode.builder()
                .addValue("text", "a-secret")
                .addValue("number", "-1.5")
                .addValue("flag", "off")
                .addObject("object", object(Map.of("a", "b")))
                .addList("list", ListNode.builder().addValue("a").build())
                .build());
        settings.at("text");
        settings.list("number");
        settings.at("flag");
        settings.textList("object");
        settings.text("list");
        settings.list("list");
        assertThat(settings.mistakes())
                .containsExactly(
                        "text: must be an object, not a text",
                        "number: must be a list, not a number",
                        "flag: must be an object, not off",
                        "object: must be a list, not an object",
                        "list: must be a plain value, not a list",
                        "list[0]: must be an object, not a text");
    }

    @Test
    void takesTheWordsOfYamlForFlags() {
        var settings = settings(object(Map.of("a", "Yes", "b", "on", "c", "off", "d", "NO", "e", "ja")));
        assertThat(settings.flag("a", false)).isTrue();
        assertThat(settings.flag("b", false)).isTrue();
        assertThat(settings.flag("c", true)).isFalse();
        assertThat(settings.flag("d", true)).isFalse();
        assertThat(settings.flag("e", true)).isTrue();
        assertThat(settings.mistakes()).containsExactly("e: must be true or false, not 'ja'");
    }

    @Test
    void namesAKeyThatOthersKnowWhereItIsNearer() {
        var config = Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .sources(ConfigSources.create(ObjectNode.builder()
                        .addObject("gateway", object(Map.of("chanels", "x", "prot", "1", "zzz", "2")))
                        .build()))
                .build();
        var settings = Settings.of(config, path -> path.equals("gateway") ? Set.of("channels", "pool") : Set.of());
        settings.at("gateway").text("port");
        assertThat(settings.mistakes())
                .containsExactlyInAnyOrder(
                        "gateway.chanels: unknown key, perhaps meant as 'channels'",
                        "gateway.prot: unknown key, perhaps meant as 'port'; known here: port",
                        "gateway.zzz: unknown key; known here: port");
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
