package io.chela.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Writes the completion of commands and options for the fish shell.
///
/// A function of the script walks over what is typed and gives the command it is in, such as `chela gateway status`;
/// each line that completes something holds in one of these.
public final class FishCompletion {
    private final CommandLine root;
    private final List<String> lines = new ArrayList<>();

    private FishCompletion(CommandLine root) {
        this.root = root;
    }

    /// The script for a program and all of its commands.
    public static String script(CommandLine root) {
        return new FishCompletion(root).write();
    }

    private String write() {
        Map<String, CommandLine> commands = new LinkedHashMap<>();
        collect(root, commands);
        String name = root.getCommandName();
        lines.add("# Completion of " + name + " for fish: " + name + " completion fish | source");
        lines.add("set -g __" + name + "_commands "
                + String.join(
                        " ",
                        commands.keySet().stream().map(FishCompletion::quoted).toList()));
        lines.add("""
                function __%1$s_in
                    set -l at %1$s
                    for word in (commandline -opc)[2..-1]
                        if contains -- "$at $word" $__%1$s_commands
                            set at "$at $word"
                        end
                    end
                    test "$at" = "$argv[1]"
                end
                complete -c %1$s -f""".formatted(name));
        commands.forEach((path, command) -> command(path, command.getCommandSpec()));
        return String.join("\n", lines) + "\n";
    }

    private static void collect(CommandLine command, Map<String, CommandLine> commands) {
        if (!command.getCommandSpec().usageMessage().hidden()) {
            commands.put(command.getCommandSpec().qualifiedName(), command);
            command.getSubcommands().values().forEach(sub -> collect(sub, commands));
        }
    }

    private void command(String path, CommandSpec spec) {
        String in = "complete -c " + root.getCommandName() + " -n "
                + quoted("__" + root.getCommandName() + "_in " + quoted(path));
        spec.subcommands().forEach((name, sub) -> {
            CommandSpec child = sub.getCommandSpec();
            if (!child.usageMessage().hidden()) {
                lines.add(in + " -a " + quoted(name) + " -d "
                        + quoted(first(child.usageMessage().description())));
            }
        });
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            candidates(parameter).ifPresent(values -> lines.add(in + " -a " + quoted(values)));
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                lines.add(in + names(option) + value(option) + " -d " + quoted(first(option.description())));
            }
        }
    }

    private static String names(OptionSpec option) {
        var names = new StringBuilder();
        for (String name : option.names()) {
            names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        return names.toString();
    }

    private static String value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        return candidates(option)
                .map(values -> " -x -a " + quoted(values))
                .orElse(option.type().equals(Path.class) ? " -r -F" : " -x");
    }

    private static java.util.Optional<String> candidates(ArgSpec argument) {
        return java.util.Optional.ofNullable(argument.completionCandidates()).map(values -> String.join(" ", values));
    }

    private static String first(String... description) {
        return description.length == 0 ? "" : description[0].replace("${DEFAULT-VALUE}", "default");
    }

    /// In single quotes, in which only a quote and a backslash mean something to fish.
    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
