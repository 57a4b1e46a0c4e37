package io.chela.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading YAML and JSON5, good and bad.
class TreesTest {
    @TempDir
    private Path folder = Path.of("unset");

    private LoadedFiles files = new LoadedFiles(Path.of("unset"));

    @BeforeEach
    void start() {
        files = new LoadedFiles(folder);
    }

    @Test
    void readsWhatMakesJson5() throws IOException {
        Loaded loaded = files.load("c.json", """
                // a comment
                {
                  /* another */
                  gateway: { 'port': +18_, },
                }
                """.replace("18_", "18789"));
        assertThat(LoadedFiles.at(loaded, "gateway.port")).isEqualTo("+18789");

        loaded = files.load("c.json5", "{ a: .5, b: 5., c: 'it\\'s \"x\"', d: [1, 2,], e: true, f: null, }");
        assertThat(loaded.tree().leaves().values())
                .extracting(Value.Text::text)
                .containsExactly(".5", "5.", "it's \"x\"", "1", "2", "true", "");
    }

    @Test
    void readsTheSameFromYamlAndJson5() throws IOException {
        Loaded yaml = files.load("c.yaml", """
                base: &base { a: 1, b: "2" }
                list: [ x, { y: 007 } ]
                on: true
                date: 2027-01-31
                more: { <<: *base, b: 3 }
                """);
        Loaded json = files.load("c.json", """
                { base: { a: 1, b: "2" }, list: [ "x", { y: "007" } ], on: true, date: "2027-01-31",
                  more: { b: 3, a: 1 } }""");
        assertThat(texts(yaml)).containsExactlyInAnyOrderEntriesOf(texts(json));
    }

    @Test
    void keepsAnIdThatYamlTakesForABoolean() throws IOException {
        Loaded loaded = files.load("c.yaml", "list: [ { id: off }, { id: yes }, { id: True }, { id: ~ } ]");
        assertThat(loaded.tree().leaves().values())
                .extracting(Value.Text::text)
                .containsExactly("off", "yes", "True", "");
    }

    private static Map<String, String> texts(Loaded loaded) {
        return loaded.tree().leaves().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().text()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ a: 0x1F } | line 1, column ~ hexadecimal numbers are not read",
                "{ a: Infinity } | line 1, column ~ NaN and Infinity are no numbers",
                "{ a: 'b\\\\\\nc' } | line ~ a text ends in its line",
                "{ a: 'b\\nc' } | line ~ a text must end in the line where it begins",
                "{ a: '\\\\x41' } | line 1, column ~ of the escapes only",
                "{ a: 1 | line ~ the file ends too early",
                "{ a: 1 } { | line 1, column ~ something stands after the end",
                "{ a: 1\\n b: 2 } | line ~ comma",
                "{ a: 01 } | line 1, column ~ a number must not begin with 0"
            })
    void saysWhereAndWhyJson5CannotBeRead(String text, String said) throws IOException {
        String json = text.replace("\\\\", "\u0001").replace("\\n", "\n").replace("\u0001", "\\");
        assertThatThrownBy(() -> files.load("c.json", json)).isInstanceOfSatisfying(BadFileException.class, e -> {
            for (String part : said.split("~", -1)) {
                assertThat(e.reason()).contains(part.strip());
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a:\\n\\tb: 1 | line 2, column 1: a tab cannot indent",
                "token: *s3cr3t-one | must stand in quotes",
                "token: @s3cr3t | line 1, column 8: a value that begins with this character must stand in quotes",
                "token: s3cr3t: two | a second ': ' in one line",
                "a: 1\\n  b: s3cr3t | line 2",
                "a: 's3cr3t | a quote is not closed",
                "a: [ s3cr3t | is missing, or the closing",
                "a: 1\\n---\\nb: 2 | a second document",
                "a: 1\\nb\\nc: 2 | line ~"
            })
    void saysWhereAndWhyYamlCannotBeRead(String text, String said) {
        assertThatThrownBy(() -> files.load("c.yaml", text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOfSatisfying(
                        BadFileException.class,
                        e -> assertThat(e.reason())
                                .contains(said.replace("~", ""))
                                .doesNotContain("s3cr3t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void namesTheLineOfWhatIsThereTwice(String name) throws IOException {
        assertThat(files.load(name, "{ \"gateway\": {\n  \"port\": 1,\n  \"port\": 2 } }")
                        .mistakes())
                .containsExactly("gateway.port: is there twice, first in line 2 (line 3, column 3)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void takesAnEmptyFileForNoKeys(String name) throws IOException {
        assertThat(files.load(name, "").tree().leaves()).isEmpty();
        assertThat(files.load(name, name.endsWith("json") ? "// nothing\n" : "# nothing\n")
                        .mistakes())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void refusesWhatIsNoObject(String name) {
        assertThatThrownBy(() -> files.load(name, "[ 1 ]")).hasMessageContaining("must hold keys");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void refusesSixHundredLevels(String name) {
        String deep = "{ \"a\": " + "[".repeat(600) + "]".repeat(600) + " }";
        assertThatThrownBy(() -> files.load(name, deep)).hasMessageContaining("deeper than 50 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void refusesMoreValuesThanAnybodyWrites(String name) {
        String many = "{ \"a\": [" + "1,".repeat(100_001) + "1] }";
        assertThatThrownBy(() -> files.load(name, many)).hasMessageContaining("more than 100000 values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.yaml", "c.json"})
    void takesOneMarkOfUtf8(String name) throws IOException {
        assertThat(LoadedFiles.at(files.load(name, "\uFEFF{ \"a\": 1 }"), "a")).isEqualTo("1");
        assertThatThrownBy(() -> LoadedFiles.at(files.load(name, "\uFEFF\uFEFF[ ]"), "a"))
                .isInstanceOf(BadFileException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void refusesWideCharacters(String charset) throws IOException {
        Path file = Files.write(folder.resolve("c.yaml"), "{ a: 1 }".getBytes(Charset.forName(charset)));
        assertThatThrownBy(() -> Loaded.read(file, Map.of(), folder)).hasMessageContaining("save it as UTF-8");
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("c.json"), new byte[] {'{', '\n', 'a', 0, 'b'});
        assertThatThrownBy(() -> Loaded.read(file, Map.of(), folder))
                .hasMessageContaining("a zero byte stands in line 2");
        Files.write(file, "{\n a: 'ü' }".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Loaded.read(file, Map.of(), folder))
                .hasMessageContaining("is not UTF-8 from line 2 on");
    }

    @Test
    void refusesAFolderAndTenMegabytes() throws IOException {
        assertThatThrownBy(() -> Loaded.read(folder, Map.of(), folder)).hasMessageContaining("is a folder");
        Path file = Files.write(folder.resolve("c.yaml"), new byte[10 * 1024 * 1024]);
        assertThatThrownBy(() -> Loaded.read(file, Map.of(), folder)).hasMessageContaining("larger than 4194304 bytes");
    }

    @Test
    void namesACycleOfAliases() throws IOException {
        assertThat(files.load("c.yaml", "a: &a\n  b: [ *a ]\n").mistakes())
                .containsExactly("a.b[0]: contains itself (line 1, column 4)");
    }

    @Test
    void namesTagsThatMeanNothing() throws IOException {
        assertThat(files.load("c.yaml", "a: !!set { x, y }\nb: !!binary aGk=\nc: !mine 1\n")
                        .mistakes())
                .hasSize(3)
                .allMatch(mistake -> mistake.contains("a tag (!) that means nothing here"));
    }
}
