package io.chela.model.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EchoModelTest {
    private static final ExtensionContext CONTEXT =
            new ExtensionContext("offline", Settings.of(Config.empty()), Path.of("state"), Path.of("models"));

    private static List<ModelEvent> reply(String question) {
        var model = new OfflineProvider().create(CONTEXT).model("echo");
        var prompt = new Prompt(List.of(Message.of(Role.USER, question)), Json.object());
        return StreamSupport.stream(model.reply(prompt).spliterator(), false).toList();
    }

    @Test
    void saysFirstThatNoModelIsConfiguredThenRepeatsTheQuestion() {
        String text = reply("two  words ").stream()
                .filter(ModelEvent.Text.class::isInstance)
                .map(event -> ((ModelEvent.Text) event).text())
                .collect(Collectors.joining());
        assertThat(text)
                .startsWith("No language model is configured")
                .contains("models.providers", "agents.defaults.model", "models.starter")
                .endsWith("You said: two  words ");
    }

    @Test
    void finishesAndCounts() {
        var events = reply("hi");
        assertThat(events).contains(new ModelEvent.Finish("stop"));
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        ModelEvent.Used.class,
                        used -> assertThat(used.usage().totalTokens()).isPositive());
    }

    @Test
    void repeatsNoMoreThanTheBeginningOfALongQuestion() {
        var events = reply("a ".repeat(5_000_000));

        assertThat(events).hasSizeLessThan(EchoModel.MAX_ECHO);
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        ModelEvent.Used.class,
                        used -> assertThat(used.usage().totalTokens()).isGreaterThan(5_000_000));
    }

    @Test
    void knowsNoOtherModel() {
        assertThatThrownBy(() -> new OfflineProvider().create(CONTEXT).model("gpt"))
                .hasMessageContaining("'echo'")
                .hasMessageContaining("'gpt'");
    }
}
