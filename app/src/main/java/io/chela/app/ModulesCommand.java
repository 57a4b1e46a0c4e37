package io.chela.app;

import io.chela.api.Json;
import io.chela.api.spi.Extension;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
    /// @param origin `image`, or the folder `modules/…`
    private record Row(String kind, String type, String module, String origin) {
        String line() {
            return String.format(
                    "%-6s %-20s %-24s %s", kind, type, module, origin.equals("image") ? "in the image" : origin);
        }

        ObjectNode json() {
            return Json.object()
                    .put("kind", kind)
                    .put("type", type)
                    .put("module", module)
                    .put("origin", origin);
        }
    }

    @Command(
            name = "list",
            description = "List each extension: kind, type, module, and the folder it comes from.",
            footer = {"", "Examples:", "  chela modules list", "  chela modules list --json"})
    static final class ListThem implements Runnable {
        @Option(names = "--json", description = "Print them as JSON.")
        private boolean json;

        @Override
        public void run() {
            Extensions extensions = Extensions.load(Extensions.inImage());
            if (json) {
                System.out.println(Json.write(json(extensions)));
            } else {
                lines(extensions).forEach(System.out::println);
            }
        }
    }

    static List<String> lines(Extensions extensions) {
        return rows(extensions).map(Row::line).toList();
    }

    /// `{"modules":[{"kind","type","module","origin"}]}`.
    static ObjectNode json(Extensions extensions) {
        ObjectNode list = Json.object();
        var modules = list.putArray("modules");
        rows(extensions).map(Row::json).forEach(modules::add);
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
                        kind,
                        one.provider().type(),
                        one.provider().getClass().getModule().getName(),
                        one.origin().equals("image") ? "image" : "modules/" + one.origin()))
                .sorted(Comparator.comparing(Row::type).thenComparing(Row::module));
    }
}
