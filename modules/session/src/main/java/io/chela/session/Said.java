package io.chela.session;

import io.chela.api.ContentPart;
import io.chela.api.Message;
import io.chela.api.Role;
import io.chela.api.ToolCall;
import java.util.List;

/// What makes two messages the same, however they were written.
record Said(Role role, String text, List<ContentPart> otherParts, List<ToolCall> toolCalls, String toolCallId) {
    static Said of(Message message) {
        return new Said(
                message.role(),
                message.text().strip(),
                message.parts().stream()
                        .filter(part -> !(part instanceof ContentPart.Text))
                        .toList(),
                message.toolCalls(),
                message.json().path("tool_call_id").stringValue(""));
    }
}
