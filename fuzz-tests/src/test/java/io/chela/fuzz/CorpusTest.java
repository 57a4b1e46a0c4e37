package io.chela.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.app.ConfigTarget;
import io.chela.gateway.ws.FramesTarget;
import io.chela.model.openai.ReplyTarget;
import io.chela.model.openai.SseTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Looking for more: gives every input that was ever worth keeping to its fuzz target, without Jazzer.
class CorpusTest {
    private static final Path CORPUS = Path.of("corpus");

    /// For one input; ten times what the slowest takes.
    private static final Duration MOST = Duration.ofSeconds(20);

    /// Jazzer's `fuzzerTestOneInput`.
    @FunctionalInterface
    private interface Target {
        void accept(byte[] input) throws Exception;
    }

    private static final Map<String, Target> TARGETS = Map.of(
            "ConfigTarget", ConfigTarget::fuzzerTestOneInput,
            "FramesTarget", FramesTarget::fuzzerTestOneInput,
            "HttpTarget", HttpTarget::fuzzerTestOneInput,
            "JsonTarget", JsonTarget::fuzzerTestOneInput,
            "KeysTarget", KeysTarget::fuzzerTestOneInput,
            "ReplyTarget", ReplyTarget::fuzzerTestOneInput,
            "SseTarget", SseTarget::fuzzerTestOneInput,
            "WsTarget", WsTarget::fuzzerTestOneInput);

    @TestFactory
    Stream<DynamicContainer> replaysTheFoundCasesOfEveryFuzzTarget() {
        return TARGETS.entrySet().stream()
                .map(target -> DynamicContainer.dynamicContainer(
                        target.getKey(),
                        inputs(target.getKey()).stream().map(file -> replay(target.getValue(), file))));
    }

    private static DynamicTest replay(Target target, Path file) {
        return DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> org.junit.jupiter.api.Assertions.assertTimeout(
                        MOST, () -> target.accept(Files.readAllBytes(file))));
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void hasInputsForEveryFuzzTargetThatThereIs() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            assertThat(sources.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Target.java"))
                            .map(name -> name.replace(".java", "")))
                    .containsExactlyInAnyOrderElementsOf(TARGETS.keySet());
        }
        assertThat(TARGETS.keySet())
                .allSatisfy(target -> assertThat(inputs(target)).hasSizeGreaterThan(4));
    }
}
