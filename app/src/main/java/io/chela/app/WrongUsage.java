package io.chela.app;

import io.chela.app.cli.Nearest;
import io.chela.app.cli.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one sentence what is wrong with a command line, and what was probably meant; exit 2. Nothing at all on it
/// is answered with the help.
final class WrongUsage {
    private WrongUsage() {}

    static int handle(ParameterException e, String... arguments) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String words = words(e);
        if (arguments.length == 0) {
            command.usage(System.err);
            return Main.EXIT_USAGE;
        }
        System.err.println(name + ": " + words + (words.endsWith("?") ? " See" : "; see") + ": " + name + " --help");
        return Main.EXIT_USAGE;
    }

    private static String words(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(e.getCommandLine(), unmatched.getUnmatched().getFirst());
        }
        if (e.getArgSpec() != null && e.getArgSpec().completionCandidates() != null && e.getValue() != null) {
            List<String> allowed = new ArrayList<>();
            e.getArgSpec().completionCandidates().forEach(allowed::add);
            return "'" + Printable.word(e.getValue()) + "' is none of " + String.join(", ", allowed)
                    + Nearest.question(e.getValue(), allowed);
        }
        if (e.getArgSpec() == null && !e.getCommandLine().getSubcommands().isEmpty()) {
            return "a command is missing: "
                    + String.join(", ", e.getCommandLine().getSubcommands().keySet());
        }
        String words = Printable.word(String.valueOf(e.getMessage()));
        boolean sentence = words.length() > 1 && Character.isLowerCase(words.charAt(1));
        return sentence ? words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1) : words;
    }

    private static String unmatched(CommandLine command, String word) {
        String shown = "'" + Printable.word(word) + "'";
        if (word.startsWith("-")) {
            int equals = word.indexOf('=');
            List<String> options = command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .flatMap(option -> List.of(option.names()).stream())
                    .toList();
            return "unknown option " + shown + Nearest.question(equals < 0 ? word : word.substring(0, equals), options);
        }
        var commands = command.getSubcommands();
        return commands.isEmpty()
                ? "unexpected argument " + shown
                : "unknown command " + shown + Nearest.question(word, commands.keySet());
    }
}
