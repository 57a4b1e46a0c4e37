package io.chela.app;

import java.io.PrintStream;

/// What a chat shows: answers on standard output, everything else on standard error, so that a pipe gets answers alone.
/// Used by one thread, but for the end after Ctrl-C.
final class ChatScreen {
    private static final String PROMPT = "> ";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private boolean inLine;

    /// @param terminal that a person types and reads here
    ChatScreen(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    void prompt() {
        if (terminal) {
            err.print(PROMPT);
            err.flush();
        }
    }

    /// A piece of an answer, which must be printable.
    void piece(String text) {
        if (!text.isEmpty()) {
            out.print(text);
            out.flush();
            inLine = !text.endsWith("\n");
        }
    }

    /// Ends the line of an answer that did not.
    void endAnswer() {
        if (inLine) {
            out.println();
            out.flush();
        }
        inLine = false;
    }

    /// For people alone.
    void hint(String text) {
        if (terminal) {
            err.println(text);
        }
    }

    /// For people and logs.
    void note(String text) {
        err.println(text);
    }

    /// After Ctrl-C or Ctrl-D the cursor stands behind a prompt.
    void leavePrompt() {
        if (terminal) {
            err.println();
        }
    }
}
