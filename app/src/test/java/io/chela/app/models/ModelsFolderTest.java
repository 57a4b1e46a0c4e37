package io.chela.app.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsFolderTest {
    @TempDir
    private Path folder = Path.of("unset");

    private Path put(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path put(String name, byte[] bytes, int year) throws IOException {
        return Files.setLastModifiedTime(put(name, bytes), FileTime.from(Instant.parse(year + "-01-01T00:00:00Z")));
    }

    private String note() {
        ModelsFolder read = ModelsFolder.read(folder);
        assertThat(read.models()).isEmpty();
        assertThat(read.notes()).hasSize(1);
        return read.notes().getFirst();
    }

    @Test
    void putsTheNewestModelFirst() throws IOException {
        put("old.gguf", GgufBytes.model(), 2020);
        put("New.GGUF", GgufBytes.model(), 2022);
        put("middle.gguf", GgufBytes.model(), 2021);
        put("notes.txt", "x".getBytes(UTF_8));
        put("half.gguf.part", GgufBytes.model());

        assertThat(ModelsFolder.read(folder).models())
                .extracting(LocalModel::id)
                .containsExactly("New", "middle", "old");
        assertThat(ModelsFolder.read(folder).notes()).isEmpty();
    }

    @Test
    void isEmptyWhenItIsMissing() {
        ModelsFolder read = ModelsFolder.read(folder.resolve("nowhere"));
        assertThat(read.models()).isEmpty();
        assertThat(read.notes()).isEmpty();
    }

    @Test
    void saysThatAFileIsInItsPlace() throws IOException {
        ModelsFolder read = ModelsFolder.read(put("file", new byte[0]));
        assertThat(read.notes()).singleElement().asString().contains("cannot be read", "CHELA_MODELS_DIR");
    }

    @Test
    void namesAFileThatIsNoGguf() throws IOException {
        put("page.gguf", "<html>sign in</html>".getBytes(UTF_8));
        assertThat(note()).contains("page.gguf is no GGUF file");
    }

    @Test
    void namesAnEmptyFile() throws IOException {
        put("empty.gguf", new byte[0]);
        assertThat(note()).contains("empty.gguf is empty");
    }

    @Test
    void namesAFileThatIsCutOffWhereverThatIs() throws IOException {
        byte[] whole = GgufBytes.model();
        for (int length : IntStream.concat(IntStream.range(4, 240), IntStream.of(whole.length / 2, whole.length - 1))
                .toArray()) {
            put("short.gguf", Arrays.copyOf(whole, length));
            assertThat(note()).as("%s bytes", length).contains("short.gguf is cut off");
        }
    }

    @Test
    void survivesAHeadOfAnyBytes() throws IOException {
        byte[] whole = GgufBytes.model();
        for (int at = 4; at < 240; at++) {
            byte[] bytes = whole.clone();
            bytes[at] = (byte) 0xff;
            put("odd.gguf", bytes);
            ModelsFolder read = ModelsFolder.read(folder); // one or the other
            assertThat(read.models().size() + read.notes().size()).isEqualTo(1);
        }
    }

    @Test
    void leavesOutModelsThatAnswerNobody() throws IOException {
        put("nomic.gguf", GgufBytes.of("nomic-bert", 8));
        assertThat(note()).contains("nomic.gguf holds a model of the kind nomic-bert");
    }

    @Test
    void leavesOutFurtherPartsOfAModel() throws IOException {
        put("m-00002-of-00002.gguf", GgufBytes.of("llama", 8, 1));
        assertThat(note()).contains("further part");
    }

    @Test
    void followsALinkToAFile() throws IOException {
        Path elsewhere = Files.createTempFile("model", ".bin");
        try {
            Files.write(elsewhere, GgufBytes.model());
            Files.createSymbolicLink(folder.resolve("linked.gguf"), elsewhere);
            assertThat(ModelsFolder.read(folder).models())
                    .singleElement()
                    .satisfies(model -> assertThat(model.id()).isEqualTo("linked"));
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Test
    void namesALinkToNothing() throws IOException {
        Files.createSymbolicLink(folder.resolve("gone.gguf"), folder.resolve("nowhere"));
        assertThat(note()).contains("gone.gguf is a link to nothing");
    }

    @Test
    void namesALinkToItself() throws IOException {
        Files.createSymbolicLink(folder.resolve("round.gguf"), folder.resolve("round.gguf"));
        assertThat(note()).contains("round.gguf is a link to nothing");
    }

    @Test
    void readsNoFolderAndNoPipe() throws Exception {
        Files.createDirectory(folder.resolve("folder.gguf"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe.gguf").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("device.gguf"), Path.of("/dev/zero"));
        assertThat(ModelsFolder.read(folder).models()).isEmpty();
    }

    @Test
    void showsNoControlCharacterOfAName() throws IOException {
        put("a\u001b[2J.gguf", GgufBytes.model());
        assertThat(note()).doesNotContain("\u001b").contains("rename it");
    }
}
