package io.chela.app;

import io.chela.api.spi.Extension;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// `chela modules list`.
@Command(
        name = "modules",
        description = "Show the extensions that were found.",
        subcommands = ModulesCommand.ListThem.class)
final class ModulesCommand implements Runnable {
    @Override
    public void run() {
        throw UsageException.wrong("chela modules: write: chela modules list");
    }

    @Command(
            name = "list",
            description = "List each extension: kind, type, module, version, and where it is. What cannot be loaded is"
                    + " told on standard error, and the exit code is 1.")
    static final class ListThem implements Callable<Integer> {
        @Override
        public Integer call() {
            Extensions extensions = Extensions.find(Extensions.inImage());
            lines(extensions).forEach(System.out::println);
            extensions.faults().forEach(System.err::println);
            return extensions.faults().isEmpty() ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
    }

    static List<String> lines(Extensions extensions) {
        return Stream.of(
                        rows("model", extensions.models()),
                        rows("store", extensions.stores()),
                        rows("door", extensions.features()))
                .flatMap(List::stream)
                .toList();
    }

    private static <T extends Extension> List<String> rows(String kind, List<Extensions.Found<T>> found) {
        return found.stream()
                .map(one -> String.format(
                        "%-6s %-20s %-26s %-8s %s",
                        kind, one.provider().type(), one.module(), one.version().orElse("-"), one.where()))
                .sorted()
                .toList();
    }
}
