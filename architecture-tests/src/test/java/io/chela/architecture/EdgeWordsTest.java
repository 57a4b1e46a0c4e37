package io.chela.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The edge serves every door alike, so it has no word of any: not as a name, not in a text.
final class EdgeWordsTest {
    private static final List<String> DOORS_WORDS =
            List.of("openai", "openclaw", "chat.completion", "connect.challenge");
    /// A little below what there was when this was written.
    private static final int LEAST_CLASSES = 45;

    @Test
    void theEdgeHasNoWordOfADoor() throws IOException {
        List<Path> classes = classes("modules/edge");

        assertThat(classes).hasSizeGreaterThanOrEqualTo(LEAST_CLASSES);
        assertThat(words(classes)).isEmpty();
    }

    @Test
    void theWordsAreFoundWhereTheyBelong() throws IOException {
        assertThat(words(classes("modules/openai-http"))).anyMatch(found -> found.contains("chat.completion"));
        assertThat(words(classes("modules/gateway-ws"))).anyMatch(found -> found.contains("connect.challenge"));
    }

    private static List<Path> classes(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Repository.root().resolve(folder).resolve("target/classes/io"))) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    /// Every name and every text of a class is an entry of its constant pool.
    private static List<String> words(List<Path> classes) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : classes) {
            for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                if (entry instanceof Utf8Entry text && hasDoorsWord(text.stringValue())) {
                    found.add(file.getFileName() + ": " + text.stringValue());
                }
            }
        }
        return found;
    }

    private static boolean hasDoorsWord(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return DOORS_WORDS.stream().anyMatch(lower::contains);
    }
}
