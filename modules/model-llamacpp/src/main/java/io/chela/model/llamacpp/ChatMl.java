package io.chela.model.llamacpp;

import io.chela.api.ContentPart;
import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.ToolCall;
import java.util.List;

/// Writes a conversation as ChatML, the prompt format of SmolLM2, Qwen and many others.
///
/// We write it ourselves: the binding's own template garbles emoji and cuts long prompts. Text can never act as a
/// control token (`<|` becomes `< |`) and is always whole Unicode (a lone surrogate or NUL becomes U+FFFD).
final class ChatMl {
    private ChatMl() {}

    /// The conversation, ending where the assistant's answer begins.
    ///
    /// @throws ProblemException `Malformed` when a message has a part that is no text
    static String of(List<Message> messages) {
        var prompt = new StringBuilder();
        for (Message message : messages) {
            prompt.append("<|im_start|>")
                    .append(speaker(message))
                    .append('\n')
                    .append(clean(content(message)).replace("<|", "< |"))
                    .append("<|im_end|>\n");
        }
        return prompt.append("<|im_start|>assistant\n").toString();
    }

    private static String speaker(Message message) {
        return switch (message.role()) {
            case SYSTEM, DEVELOPER -> "system";
            case USER, TOOL -> "user";
            case ASSISTANT -> "assistant";
        };
    }

    private static String content(Message message) {
        if (message.parts().stream().anyMatch(part -> !(part instanceof ContentPart.Text))) {
            throw new ProblemException(new Problem.Malformed("messages", "This model reads text only."));
        }
        return switch (message.role()) {
            case SYSTEM, DEVELOPER, USER -> message.text();
            case TOOL -> "[result of a tool]\n" + message.text();
            case ASSISTANT -> message.text() + calls(message.toolCalls());
        };
    }

    private static String calls(List<ToolCall> calls) {
        var text = new StringBuilder();
        for (ToolCall call : calls) {
            text.append("\n[called the tool ")
                    .append(call.name())
                    .append(" with ")
                    .append(call.arguments())
                    .append(']');
        }
        return text.toString();
    }

    /// Replaces what has no UTF-8, and NUL, which ends a string in C.
    static String clean(String text) {
        if (text.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit))) {
            return text;
        }
        return text.codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                        ? 0xFFFD
                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
