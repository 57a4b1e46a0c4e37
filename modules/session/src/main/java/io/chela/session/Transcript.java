package io.chela.session;

import io.chela.api.Message;
import io.chela.api.Role;
import java.util.List;

/// Reconciles what a session remembers with what a caller sends.
///
/// Some callers send their last message alone, others the whole conversation each time; both mean the same.
public final class Transcript {
    private Transcript() {}

    /// Gives the part of a request's messages that the session does not have yet.
    ///
    /// System and developer messages belong to the request alone and are left out. Of the rest, the longest
    /// beginning that equals the end of the history is known already. Compared are role, text (without the
    /// blanks around it, which callers tend to trim), other parts, tool calls and `tool_call_id`.
    /// Where the history is cut, a caller may have more of the beginning: what comes up to and with the last
    /// place where all of the history is found is known, too.
    /// When everything is known, the last user message is asked anew. Takes time in proportion to the messages.
    ///
    /// @param history what the session remembers, see [OpenSession#history]
    /// @param incoming the caller's messages in order
    /// @return empty only when all that came are system and developer messages
    public static List<Message> newMessages(History history, List<Message> incoming) {
        List<Message> conversation =
                incoming.stream().filter(message -> !isInstruction(message)).toList();
        List<Said> before = history.messages().stream().map(Said::of).toList();
        List<Said> now = conversation.stream().map(Said::of).toList();
        int known = Math.max(Overlap.length(before, now), history.isCut() ? Overlap.endOf(before, now) : 0);
        return known < conversation.size()
                ? conversation.subList(known, conversation.size())
                : lastQuestion(conversation);
    }

    private static boolean isInstruction(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static List<Message> lastQuestion(List<Message> conversation) {
        for (Message message : conversation.reversed()) {
            if (message.role() == Role.USER) {
                return List.of(message);
            }
        }
        // Nobody asked; the last word, such as a tool's result, stands for a question.
        return conversation.isEmpty() ? List.of() : List.of(conversation.getLast());
    }
}
