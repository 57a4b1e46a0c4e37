package io.chela.app;

import io.chela.api.spi.Extension;
import java.util.List;
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

    @Command(name = "list", description = "List each extension: kind, type, module, and the folder it comes from.")
    static final class ListThem implements Runnable {
        @Override
        public void run() {
            lines(Extensions.load(Extensions.inImage())).forEach(System.out::println);
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
                        "%-6s %-20s %-24s %s",
                        kind,
                        one.provider().type(),
                        one.provider().getClass().getModule().getName(),
                        one.origin().equals("image") ? "in the image" : "modules/" + one.origin()))
                .sorted()
                .toList();
    }
}
