package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.app.cli.Signals;
import io.chela.app.cli.TypedLines;
import java.io.Console;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `chela chat`: a conversation in the terminal, or with the lines of a pipe.
@Command(
        name = "chat",
        description = "Talk with an agent of a running gateway.",
        footer = {
            "",
            "A line is a message, or a command (/help). Ctrl-C stops an answer; Ctrl-D ends.",
            "",
            "Examples:",
            "  chela chat",
            "  chela chat --agent ops --session-key trip",
            "  printf 'What is a gateway?\\n' | chela chat"
        })
final class ChatCommand implements Callable<Integer> {
    @Option(names = "--agent", paramLabel = "ID", description = "The agent; the default one when left out.")
    private @Nullable String agent;

    @Option(
            names = "--session-key",
            paramLabel = "KEY",
            description = "The session to continue; a new one when left out.")
    private @Nullable String sessionKey;

    @Mixin
    private GatewayChoice gateway = new GatewayChoice();

    @Override
    public Integer call() throws InterruptedException {
        gateway.warn();
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        Charset charset = terminal.map(Console::charset).orElse(UTF_8);
        var screen = new ChatScreen(System.out, System.err, terminal.isPresent());
        var chat = new Chat(
                gateway::find,
                new TypedLines(System.in, charset),
                screen,
                new ChatSession(
                        Optional.ofNullable(agent),
                        Optional.ofNullable(sessionKey).orElseGet(ChatSession::newKey)));
        Signals.on("INT", () -> {
            if (!chat.stopAnswer()) {
                System.exit(chat.end());
            }
        });
        return chat.run();
    }
}
