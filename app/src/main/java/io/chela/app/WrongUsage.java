package io.chela.app;

import io.chela.api.Nearest;
import io.chela.app.cli.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one sentence what is wrong with a command line, and what was probably meant; exit 2. Nothing at all on it
/// is answered with the help.
final class WrongUsage {
    /// Words that other programs have, OpenClaw first of all, and what does the same here.
    private static final Map<String, String> ELSEWHERE = Map.of(
            "start", "'chela gateway'",
            "restart", "'chela gateway stop', then 'chela gateway'",
            "doctor", "'chela config check'",
            "validate", "'chela config check'",
            "get", "'chela config show'",
            "help", "'--help'");

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
        if (commands.isEmpty()) {
            return "unexpected argument " + shown;
        }
        return "unknown command " + shown
                + Nearest.of(word, commands.keySet())
                        .map(near -> "'" + near + "'")
                        .or(() -> anywhere(command, word))
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("");
    }

    /// A command of another place, or of another program: people remember the last word.
    private static Optional<String> anywhere(CommandLine command, String word) {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Map<String, String> meant = leaves(root)
                .map(CommandLine::getCommandSpec)
                .collect(Collectors.toMap(
                        CommandSpec::name,
                        leaf -> "'" + leaf.qualifiedName() + "'",
                        (one, other) -> one + " or " + other,
                        TreeMap::new));
        meant.putAll(ELSEWHERE);
        return Nearest.of(word, meant.keySet()).map(meant::get);
    }

    private static Stream<CommandLine> leaves(CommandLine command) {
        var below = command.getSubcommands().values();
        return below.isEmpty() ? Stream.of(command) : below.stream().flatMap(WrongUsage::leaves);
    }
}
