package io.chela.agent.runtime;

import io.chela.api.Agent;
import io.chela.api.Message;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.ToolCall;
import io.chela.api.Turn;
import io.chela.session.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Puts together what a model is asked: the agent's instructions, then the conversation.
final class Prompts {
    private Prompts() {}

    /// Without a session: the caller's messages as they are.
    static Prompt stateless(Turn turn) {
        List<Message> messages = instructions(turn.agent());
        messages.addAll(turn.messages());
        return new Prompt(messages, turn.parameters());
    }

    /// In a session: the request's own system messages, what was said before, and what is new.
    static Prompt continued(Turn turn, History history, List<Message> fresh) {
        List<Message> messages = instructions(turn.agent());
        turn.messages().stream().filter(Prompts::instructs).forEach(messages::add);
        List<Message> conversation = new ArrayList<>(history.messages());
        conversation.addAll(fresh);
        messages.addAll(withoutOpenCalls(conversation));
        return new Prompt(messages, turn.parameters());
    }

    static boolean instructs(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static List<Message> instructions(Agent agent) {
        List<Message> messages = new ArrayList<>();
        if (!agent.instructions().isBlank()) {
            messages.add(Message.of(Role.SYSTEM, agent.instructions()));
        }
        return messages;
    }

    /// Leaves out tool calls that nobody answered: models refuse a conversation that has them.
    private static List<Message> withoutOpenCalls(List<Message> conversation) {
        Set<String> answered = conversation.stream()
                .filter(message -> message.role() == Role.TOOL)
                .map(message -> message.json().path("tool_call_id").stringValue(""))
                .collect(Collectors.toCollection(HashSet::new));
        List<Message> kept = new ArrayList<>();
        for (Message message : conversation) {
            boolean open = !message.toolCalls().stream().map(ToolCall::id).allMatch(answered::contains);
            if (!open) {
                kept.add(message);
            } else if (!message.text().isEmpty()) {
                ObjectNode text = message.json().deepCopy();
                text.remove("tool_calls");
                kept.add(new Message(text));
            }
        }
        return kept;
    }
}
