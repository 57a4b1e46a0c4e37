package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// The option of every command that prints lines for people, or one JSON object for programs.
final class JsonOption {
    @Option(names = "--json", description = "Print JSON.")
    private boolean isGiven;

    boolean isGiven() {
        return isGiven;
    }

    /// Prints what was asked for.
    void print(List<String> lines, ObjectNode json) {
        if (isGiven) {
            System.out.println(Printable.json(Json.write(json)));
        } else {
            lines.forEach(System.out::println);
        }
    }
}
