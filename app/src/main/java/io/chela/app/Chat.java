package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Nearest;
import io.chela.app.cli.Printable;
import io.chela.app.cli.TypedLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A conversation: a line is a message, or a command that begins with a slash. What goes wrong with a message is told
/// in a sentence, and the next one may be typed.
final class Chat {
    private static final List<String> COMMANDS = List.of("/new", "/agent", "/help", "/quit");

    private final Supplier<GatewayAddress> gateway;
    private final TypedLines lines;
    private final ChatScreen screen;
    private final AtomicReference<Optional<ChatTurn>> answering = new AtomicReference<>(Optional.empty());
    private volatile ChatSession session;
    private volatile boolean used;
    private volatile boolean failed;

    /// @param gateway finds it anew for each message
    Chat(Supplier<GatewayAddress> gateway, TypedLines lines, ChatScreen screen, ChatSession session) {
        this.gateway = gateway;
        this.lines = lines;
        this.screen = screen;
        this.session = session;
    }

    /// Talks until the input ends; gives the exit code: 1 when a message got no answer.
    ///
    /// @throws UsageException when there is no gateway to begin with, or it has no such agent
    int run() throws InterruptedException {
        ObjectNode agents = agents();
        session.agent().ifPresent(id -> checkKnown(id, agents));
        screen.hint(greeting(agents));
        while (true) {
            screen.prompt();
            Optional<TypedLines.Line> line = lines.next();
            if (line.isEmpty()) {
                return end();
            }
            if (!take(line.get())) {
                return tellHowToGoOn();
            }
        }
    }

    /// Stops the answer that is coming; false when none is. From any thread.
    boolean stopAnswer() {
        Optional<ChatTurn> turn = answering.get();
        turn.ifPresent(ChatTurn::stop);
        return turn.isPresent();
    }

    /// Says how to go on another time, below a prompt; gives the exit code.
    int end() {
        screen.leavePrompt();
        return tellHowToGoOn();
    }

    private int tellHowToGoOn() {
        if (used) {
            screen.note("continue with: " + session.command());
        }
        return failed ? Main.EXIT_FAILED : Main.EXIT_OK;
    }

    /// False when the chat is to end.
    private boolean take(TypedLines.Line line) throws InterruptedException {
        String text = line.text().strip();
        if (line.tooLong()) {
            fail("this line has more than " + TypedLines.LONGEST + " characters and was not sent");
        } else if (text.startsWith("/") && !text.startsWith("//")) {
            return command(text);
        } else if (!text.isEmpty()) {
            say(text.startsWith("//") ? text.substring(1) : text);
        }
        return true;
    }

    private void say(String message) throws InterruptedException {
        var turn = new ChatTurn(session.key(), session.agent(), screen::piece);
        answering.set(Optional.of(turn));
        ChatTurn.End end;
        try {
            used = true;
            end = turn.play(gateway.get(), message);
        } catch (UsageException e) {
            end = new ChatTurn.End.Failed(e.text().replaceFirst("^chela: ", ""));
        } finally {
            answering.set(Optional.empty());
            screen.endAnswer();
        }
        switch (end) {
            case ChatTurn.End.Completed _ -> {}
            case ChatTurn.End.Stopped _ -> screen.note("(stopped)");
            case ChatTurn.End.Failed(var why) -> fail(why);
        }
    }

    private void fail(String why) {
        failed = true;
        screen.note("chela: " + why);
    }

    private boolean command(String text) throws InterruptedException {
        String[] words = text.split("\\s+", 2);
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "/quit" -> {
                return false;
            }
            case "/new" -> {
                session = session.anew();
                used = false;
                screen.note("a new session: " + session.key());
            }
            case "/agent" -> agent(words.length > 1 ? words[1].strip() : "");
            case "/help" -> help();
            default ->
                fail("unknown command '" + Printable.word(words[0]) + "'" + Nearest.question(words[0], COMMANDS)
                        + " (/help lists them; a message that begins with a slash is written with two)");
        }
        return true;
    }

    private void agent(String id) throws InterruptedException {
        try {
            ObjectNode agents = agents();
            if (id.isEmpty()) {
                screen.note("agents: " + String.join(", ", ids(agents)) + "; choose with: /agent ID");
                return;
            }
            checkKnown(id, agents);
            session = session.with(id);
            screen.note("now with the agent " + id + ", session " + session.key());
        } catch (UsageException e) {
            fail(e.text().replaceFirst("^chela: ", ""));
        }
    }

    private void help() {
        screen.note("""
                /new        a new session, without memory of this one
                /agent ID   talk with another agent; /agent alone lists them
                /quit       end, as Ctrl-D
                Ctrl-C      stop the answer; end when none is coming
                //…         a message that begins with a slash""");
    }

    private ObjectNode agents() throws InterruptedException {
        try (var client = GatewayClient.connect(gateway.get(), "operator.read")) {
            return client.call("agents.list", Json.object());
        }
    }

    private static void checkKnown(String id, ObjectNode agents) {
        List<String> known = ids(agents);
        if (!known.contains(id.toLowerCase(Locale.ROOT))) {
            throw UsageException.failed("chela: there is no agent '" + Printable.word(id) + "'"
                    + Nearest.question(id, known) + " (there are: " + String.join(", ", known) + ")");
        }
    }

    private static List<String> ids(ObjectNode agents) {
        List<String> ids = new ArrayList<>();
        agents.path("agents")
                .forEach(agent -> ids.add(Printable.word(agent.path("id").stringValue(""))));
        return ids;
    }

    private String greeting(ObjectNode agents) {
        String id = session.agent().orElse(agents.path("defaultId").stringValue(""));
        String model = "";
        for (JsonNode agent : agents.path("agents")) {
            if (agent.path("id").stringValue("").equals(id)) {
                model = " (" + agent.at("/model/primary").stringValue("") + ")";
            }
        }
        return Printable.word("agent " + id + model + "; /help lists commands, Ctrl-C stops an answer, Ctrl-D ends");
    }
}
