package io.chela.image;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// A program in a terminal, and what a person types and waits for. Needs python3.
final class Terminal {
    private final ArrayNode steps = Json.object().putArray("steps");

    /// Waits until the text is shown, after what was expected before.
    Terminal expect(String text) {
        steps.addArray().add("expect").add(text);
        return this;
    }

    /// Presses keys; `\u0003` is Ctrl-C, `\u0004` Ctrl-D.
    Terminal type(String keys) {
        steps.addArray().add("send").add(keys);
        return this;
    }

    /// Runs the program through the steps; its output is all that the terminal showed.
    Ended run(Program program) throws IOException, InterruptedException {
        Machine.needs(Files.isExecutable(Path.of("/usr/bin/python3")), "there is no /usr/bin/python3");
        Path script = program.folder().resolve("terminal.py");
        try (InputStream in = Terminal.class.getResourceAsStream("/terminal/terminal.py")) {
            Files.write(script, in == null ? new byte[0] : in.readAllBytes());
        }
        Path file = Files.writeString(program.folder().resolve("steps.json"), Json.write(steps));
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", script.toString(), file.toString()));
        command.addAll(program.command());
        return new Program(program.folder(), command, program.environment(), program.patience()).run();
    }
}
