package io.chela.app;

import io.chela.api.Json;
import io.chela.api.spi.Extension;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ObjectNode;

/// `chela modules list`.
@Command(
        name = "modules",
        description = "Show the extensions that were found.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ModulesCommand.ListThem.class,
        footer = {"", "Example:", "  chela modules list"})
final class ModulesCommand {
    /// One extension.
    ///
    /// @param kind `model`, `store` or `door`
    /// @param version `-` when its jar does not say
    /// @param origin `image`, or the folder `modules/…`
    private record Row(String kind, String type, String module, String version, String origin) {
        String line() {
            String where = origin.equals(Extensions.IMAGE) ? "in the image" : origin;
            return String.format("%-6s %-20s %-26s %-8s %s", kind, type, module, version, where);
        }

        ObjectNode json() {
            return Json.object()
                    .put("kind", kind)
                    .put("type", type)
                    .put("module", module)
                    .put("version", version)
                    .put("origin", origin);
        }
    }

    @Command(
            name = "list",
            description = "List each extension: kind, type, module, version, and the folder it comes from. What cannot"
                    + " be loaded is told on standard error, and the exit code is 1.",
            footer = {"", "Examples:", "  chela modules list", "  chela modules list --json"})
    static final class ListThem implements Callable<Integer> {
        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        public Integer call() {
            Extensions extensions = Extensions.find(Extensions.inImage());
            json.print(lines(extensions), json(extensions));
            extensions.faults().forEach(System.err::println);
            return extensions.faults().isEmpty() ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
    }

    static List<String> lines(Extensions extensions) {
        return rows(extensions).map(Row::line).toList();
    }

    /// `{"modules":[{"kind","type","module","version","origin"}],"faults":[…]}`, each fault a sentence.
    static ObjectNode json(Extensions extensions) {
        ObjectNode list = Json.object();
        var modules = list.putArray("modules");
        rows(extensions).map(Row::json).forEach(modules::add);
        var faults = list.putArray("faults");
        extensions.faults().forEach(faults::add);
        return list;
    }

    private static Stream<Row> rows(Extensions extensions) {
        return Stream.of(
                        rows("model", extensions.models()),
                        rows("store", extensions.stores()),
                        rows("door", extensions.features()))
                .flatMap(rows -> rows);
    }

    private static <T extends Extension> Stream<Row> rows(String kind, List<Extensions.Found<T>> found) {
        return found.stream()
                .map(one -> new Row(
                        kind, one.provider().type(), one.module(), one.version().orElse("-"), one.origin()))
                .sorted(Comparator.comparing(Row::type).thenComparing(Row::module));
    }
}
