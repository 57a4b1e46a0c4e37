package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.app.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigNodesTest {
    @TempDir
    private Path folder = Path.of("unset");

    private ConfigNodes nodes(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml);
        return ConfigNodes.of(Loaded.read(file, Map.of(), folder).tree().config());
    }

    @Test
    void namesTheKeysThatChangedAndNotTheObjectsAroundThem() throws IOException {
        ConfigNodes before = nodes("logging: { access: true }");
        ConfigNodes after = nodes("""
                logging: { access: false }
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } }, trustedProxies: [ a, b ] }
                """);
        assertThat(before.differences(after))
                .containsExactlyInAnyOrder(
                        "logging.access",
                        "gateway.http.endpoints.chatCompletions.enabled",
                        "gateway.trustedProxies[0]",
                        "gateway.trustedProxies[1]");
        assertThat(after.differences(before)).containsExactlyInAnyOrderElementsOf(before.differences(after));
    }

    @Test
    void seesThatAnObjectIsEmptyNow() throws IOException {
        assertThat(nodes("agents: {}").differences(nodes("agents: []"))).containsExactly("agents");
        assertThat(nodes("agents: {}").differences(nodes(""))).containsExactly("agents");
    }
}
