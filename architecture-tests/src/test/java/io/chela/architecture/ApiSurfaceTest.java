package io.chela.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What other people's extensions are compiled against, held against a golden file, so that it changes on purpose only.
///
/// `./mvnw -pl architecture-tests -am verify -Dgolden=write` writes it anew. A line that goes or changes breaks
/// extensions that are out there; a method that comes in an interface that they implement does, too, unless it is
/// `default`.
final class ApiSurfaceTest {
    private static final Path GOLDEN =
            Repository.root().resolve("architecture-tests/src/test/resources/api-surface.txt");
    private static final Path CLASSES = Repository.root().resolve("modules/api/target/classes");

    @Test
    void theApiIsWhatItsGoldenFileSays() throws IOException {
        String surface = surface();
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(GOLDEN, surface);
        }
        assertThat(surface).contains("interface io.chela.api.spi.ModelProvider").isEqualTo(Files.readString(GOLDEN));
    }

    private static String surface() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-protected"));
        try (Stream<Path> files = Files.walk(CLASSES.resolve("io"))) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .sorted()
                    .forEach(arguments::add);
        }
        var said = new StringWriter();
        var out = new PrintWriter(said);
        int exit = ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(exit).as(said.toString()).isZero();
        return visible(said.toString());
    }

    /// Without the classes that are seen in the module alone.
    private static String visible(String described) {
        return Stream.of(described.split("(?m)^Compiled from .*\\R"))
                .filter(type -> type.startsWith("public "))
                .collect(Collectors.joining());
    }
}
