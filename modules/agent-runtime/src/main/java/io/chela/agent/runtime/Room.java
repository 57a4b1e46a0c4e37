package io.chela.agent.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.ContentPart;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Turn;
import io.chela.api.spi.ContextWindow;
import io.chela.session.History;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a model's context window leaves for the history, by an estimate that rather says too little.
record Room(Turn turn, ContextWindow window) {
    /// A token of English has four bytes, one of Chinese three, one of code about three.
    private static final int BYTES_PER_TOKEN = 3;

    /// What a message costs beside its text.
    private static final int MESSAGE_TOKENS = 8;

    /// What a picture costs, whatever its bytes are.
    private static final int IMAGE_TOKENS = 1_500;

    /// What is left for an answer whose length nobody has limited: this part of the window.
    private static final int ANSWER_PART = 4;

    /// The newest exchanges that fit beside everything else, from a question on.
    History fitting(History history, List<Message> fresh) {
        long room = window.tokens() - answer() - others(fresh);
        int fits = 0;
        for (int place = history.messages().size() - 1; place >= 0; place--) {
            room -= tokens(history.messages().get(place));
            if (room < 0) {
                break;
            }
            fits++;
        }
        return history.newest(fits);
    }

    private long answer() {
        int usual = window.answerTokens().orElse(window.tokens() / ANSWER_PART);
        int asked = turn.parameters()
                .path("max_completion_tokens")
                .intValue(turn.parameters().path("max_tokens").intValue(usual));
        return Math.min(asked, window.tokens() / 2);
    }

    private long others(List<Message> fresh) {
        long tokens =
                tokens(turn.agent().instructions()) + tokens(turn.parameters().path("tools"));
        for (Message message : turn.messages()) {
            tokens += Prompts.instructs(message) ? tokens(message) : 0;
        }
        for (Message message : fresh) {
            tokens += tokens(message);
        }
        return tokens;
    }

    private static long tokens(Message message) {
        long tokens = MESSAGE_TOKENS + tokens(message.json().path("tool_calls"));
        for (ContentPart part : message.parts()) {
            tokens += switch (part) {
                case ContentPart.Text(var text) -> tokens(text);
                case ContentPart.Image _ -> IMAGE_TOKENS;
                case ContentPart.Unknown(var _, var json) -> tokens(json);
            };
        }
        return tokens;
    }

    private static long tokens(JsonNode json) {
        return json.isMissingNode() || json.isNull() ? 0 : tokens(Json.write(json));
    }

    private static long tokens(String text) {
        return Math.ceilDiv(text.getBytes(UTF_8).length, BYTES_PER_TOKEN);
    }
}
