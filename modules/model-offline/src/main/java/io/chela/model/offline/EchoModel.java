package io.chela.model.offline;

import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.Usage;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Says that no language model is configured and how to configure one, then repeats the question word by word.
///
/// Its tokens are words, so that clients see plausible counts.
final class EchoModel implements Model {
    static final String NOTICE = "No language model is configured, so this is an echo and not an answer. "
            + "Name one in the configuration: models.providers.<id>.{api, baseUrl, models} and agents.defaults.model,"
            + " or models.starter: smollm2 for a small one that runs here.\n\n";

    /// How much of a question is repeated, in characters.
    static final int MAX_ECHO = 4_000;

    @Override
    public ModelReply reply(Prompt prompt) {
        String question = prompt.messages().stream()
                .filter(message -> message.role() == Role.USER)
                .reduce((_, last) -> last)
                .map(Message::text)
                .orElse("");
        List<ModelEvent> events = new ArrayList<>();
        events.add(new ModelEvent.Text(NOTICE));
        words("You said: " + shortened(question)).forEach(word -> events.add(new ModelEvent.Text(word)));
        events.add(new ModelEvent.Finish("stop"));
        events.add(new ModelEvent.Used(Usage.of(
                prompt.messages().stream()
                        .mapToLong(message -> count(message.text()))
                        .sum(),
                events.size() - 1L)));
        return ModelReply.of(events);
    }

    private static String shortened(String question) {
        return question.length() <= MAX_ECHO ? question : question.substring(0, MAX_ECHO) + " …";
    }

    private static long count(String text) {
        return text.isEmpty() ? 0 : 1 + text.chars().filter(c -> c == ' ').count();
    }

    /// Splits before each blank, so that the pieces joined are the text again.
    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("(?= )"));
    }
}
