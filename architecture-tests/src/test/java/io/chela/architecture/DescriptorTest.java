package io.chela.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What each module shows and needs, held against a golden file, so that it changes on purpose only.
///
/// `./mvnw -pl architecture-tests -am verify -Dgolden=write` writes the files anew; read the difference before
/// you commit it.
final class DescriptorTest {
    private static final Path GOLDENS = Repository.root().resolve("architecture-tests/src/test/resources/descriptors");
    private static final boolean WRITE = "write".equals(System.getProperty("golden"));

    @TestFactory
    Stream<DynamicTest> everyModuleIsDescribedByItsGoldenFile() {
        return modules().stream().map(module -> dynamicTest(module.name(), () -> compare(module)));
    }

    @Test
    void noGoldenFileIsLeftOfAModuleThatIsGone() throws IOException {
        try (Stream<Path> files = Files.list(GOLDENS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(modules().stream()
                            .map(module -> module.name() + ".txt")
                            .toList());
        }
    }

    private static void compare(ModuleDescriptor module) throws IOException {
        Path golden = GOLDENS.resolve(module.name() + ".txt");
        String described = new Description(module).text();
        if (WRITE) {
            Files.writeString(golden, described);
        }
        assertThat(golden).exists();
        assertThat(described).isEqualTo(Files.readString(golden));
    }

    private static List<ModuleDescriptor> modules() {
        return Repository.classFolders().stream()
                .flatMap(folder -> ModuleFinder.of(folder).findAll().stream())
                .map(found -> found.descriptor())
                .toList();
    }
}
