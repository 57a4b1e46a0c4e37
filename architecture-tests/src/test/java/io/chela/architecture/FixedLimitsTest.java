package io.chela.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The limits that docs/operations.md calls fixed are those of the code.
final class FixedLimitsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]+) \\| (\\d+) ?(KiB|MiB|s|min)?[^|]*\\|[^|]*\\| `(\\w+)\\.(\\w+)` \\|$");
    /// One row of the table; times are in milliseconds.
    record Limit(String what, long most, String className, String constant) {
        static Limit of(MatchResult row) {
            long unit = switch (String.valueOf(row.group(3))) {
                case "KiB" -> 1024;
                case "MiB" -> 1024 * 1024;
                case "s" -> 1_000;
                case "min" -> 60_000;
                default -> 1;
            };
            return new Limit(row.group(1), Long.parseLong(row.group(2)) * unit, row.group(4), row.group(5));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Limit> limits() {
        String page = Repository.read(Repository.root().resolve("docs/operations.md"));
        return ROW.matcher(page).results().map(Limit::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void isWhatTheCodeHas(Limit limit) {
        assertThat(limit.most()).isEqualTo(constant(source(limit.className()), limit.constant()));
    }

    /// A number or a product of numbers; of a duration its milliseconds.
    private static long constant(String source, String name) {
        Matcher found = Pattern.compile("static final (int|long|Duration) " + name + " = ([^;]+);")
                .matcher(source);
        assertThat(found.find()).as("a constant " + name).isTrue();
        String value = found.group(2);
        Matcher duration =
                Pattern.compile("Duration\\.of(Seconds|Minutes)\\((\\d+)\\)").matcher(value);
        if (duration.matches()) {
            long count = Long.parseLong(duration.group(2));
            return (duration.group(1).equals("Seconds") ? Duration.ofSeconds(count) : Duration.ofMinutes(count))
                    .toMillis();
        }
        return Stream.of(value.split("\\*"))
                .mapToLong(factor -> Long.parseLong(factor.strip().replaceAll("[_L]", "")))
                .reduce(1, (a, b) -> a * b);
    }

    /// Of the one class of this name that is no test.
    private static String source(String className) {
        try (Stream<Path> files = Files.walk(Repository.root())) {
            List<Path> found = files.filter(file -> file.endsWith(className + ".java"))
                    .filter(file -> file.toString().contains("src/main/java"))
                    .toList();
            assertThat(found).as(className).hasSize(1);
            return Repository.read(found.getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
