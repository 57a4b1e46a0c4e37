package io.chela.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a file takes from elsewhere: variables, `.env`, included files, secrets.
class ReferencesTest {
    @TempDir
    private Path folder = Path.of("unset");

    private LoadedFiles files = new LoadedFiles(Path.of("unset"));

    @BeforeEach
    void start() {
        files = new LoadedFiles(folder);
    }

    @Test
    void putsVariablesIn() throws IOException {
        Loaded loaded = files.load(
                "c.json",
                "{ a: 'x-${ONE}-${TWO:-two}', b: '$${ONE}', c: '${THREE:-}', gateway: { auth: { token: '$ONE' } } }",
                Map.of("ONE", "1"));
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.tree().leaves().values())
                .extracting(Value.Text::text)
                .containsExactly("x-1-two", "${ONE}", "", "1");
        assertThat(loaded.tree().leaves())
                .hasEntrySatisfying("a", text -> assertThat(text.from()).contains("the variable ONE"));
    }

    @Test
    void namesAVariableThatIsNotSetButNotBelowAKeyThatIsIgnored() throws IOException {
        Loaded loaded =
                files.load("c.yaml", "gateway: { bind: '${NOT_SET}' }\nchannels: { x: { token: '${NOR_THIS}' } }\n");
        assertThat(loaded.mistakes())
                .singleElement()
                .asString()
                .startsWith("gateway.bind: the environment variable NOT_SET is not set")
                .endsWith("(line 1, column 18)");
    }

    @Test
    void readsEnvFilesBeneathTheEnvironment() throws IOException {
        files.write(".env", """
                # beside the file
                export ONE=beside # a comment
                TWO='single # quotes'
                THREE="double\\n\\"quotes\\""
                FIVE=a#b
                """);
        files.write("state/.env", "ONE=state\nFOUR=state\nREAL=state\n");
        Loaded loaded =
                files.load("c.json", "{ env: { vars: { FOUR: 'file', SIX: 'file' } } }", Map.of("REAL", "real"));
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.environment())
                .containsEntry("ONE", "beside")
                .containsEntry("TWO", "single # quotes")
                .containsEntry("THREE", "double\n\"quotes\"")
                .containsEntry("FIVE", "a#b")
                .containsEntry("FOUR", "state")
                .containsEntry("SIX", "file")
                .containsEntry("REAL", "real");
        assertThat(loaded.files())
                .containsExactly(folder.resolve("c.json"), folder.resolve(".env"), folder.resolve("state/.env"));
    }

    @Test
    void namesTheLineOfAnEnvFileButNotWhatIsInIt() throws IOException {
        files.write(".env", "GOOD=1\nKEY s3cr3t\nOPEN='s3cr3t\n");
        assertThat(files.load("c.yaml", "").mistakes())
                .hasSize(2)
                .allSatisfy(mistake -> assertThat(mistake)
                        .contains(".env: line ")
                        .contains("must be NAME=value")
                        .doesNotContain("s3cr3t"));
    }

    @Test
    void laysWhatStandsBesideAnIncludeOverIt() throws IOException {
        files.write("agents.json5", "{ defaults: { model: 'a/b' }, list: [ { id: 'one' } ] }");
        files.write("more/agents.yaml", "defaults: { model: c/d }\nlist: [ { id: two } ]\n");
        Loaded loaded = files.load("c.json", """
                { agents: { $include: ['./agents.json5', 'more/agents.yaml'], list: [ { id: 'three' } ] } }""");
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(LoadedFiles.at(loaded, "agents.defaults.model")).isEqualTo("c/d");
        assertThat(List.of(0, 1, 2))
                .extracting(i -> LoadedFiles.at(loaded, "agents.list[" + i + "].id"))
                .containsExactly("one", "two", "three");
        assertThat(loaded.located(List.of("agents.defaults.model: is wrong")))
                .containsExactly("agents.defaults.model: is wrong (" + folder.resolve("more/agents.yaml")
                        + ", line 1, column 13)");
        assertThat(loaded.files()).contains(folder.resolve("more/agents.yaml"), folder.resolve("agents.json5"));
    }

    @Test
    void findsTheFilesOfAnIncludedFileBesideIt() throws IOException {
        files.write("sub/a.yaml", "$include: b.yaml\n");
        files.write("sub/b.yaml", "port: 1\n");
        assertThat(LoadedFiles.at(files.load("c.yaml", "gateway: { $include: sub/a.yaml }"), "gateway.port"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.yaml | the included file none.yaml cannot be read: there is no such file",
                "c.yaml | the included file c.yaml includes itself",
                "../outside.yaml | is outside the folder of the configuration",
                "/etc/passwd | is outside the folder of the configuration",
                "link.yaml | is outside the folder of the configuration",
                "bad.json | the included file bad.json cannot be read: line 1, column",
                "sub | the included file sub is a folder",
                "{a: b} | $include must name a file, or list files"
            })
    void saysWhatIsWrongWithAnInclude(String include, String said) throws IOException {
        files.write("bad.json", "{ a: [ }");
        Files.createDirectories(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("/etc/passwd"));
        assertThat(files.load("c.yaml", "gateway:\n  $include: " + include).mistakes())
                .singleElement()
                .asString()
                .startsWith("gateway: ")
                .contains(said)
                .endsWith(include.startsWith("{") ? ")" : "(line 2, column 13)");
    }

    @Test
    void endsAChainOfIncludes() throws IOException {
        for (int i = 0; i < 12; i++) {
            files.write("f" + i + ".yaml", "$include: f" + (i + 1) + ".yaml\n");
        }
        assertThat(files.load("c.yaml", "gateway: { $include: f0.yaml }").mistakes())
                .singleElement()
                .asString()
                .contains("is included over more than 10 files");
    }

    @Test
    void includesFromOtherFoldersThatAreNamed() throws IOException {
        Path other = Files.createTempDirectory(folder, "other");
        Path main = files.write("main/c.yaml", "gateway: { $include: " + other + "/x.yaml }");
        Files.writeString(other.resolve("x.yaml"), "port: 2");
        assertThat(Loaded.read(main, Map.of(), folder).mistakes()).hasSize(1);
        assertThat(Loaded.read(main, Map.of("OPENCLAW_INCLUDE_ROOTS", other.toString()), folder)
                        .mistakes())
                .isEmpty();
    }

    @Test
    void resolvesSecretsOfTheEnvironmentAndOfFiles() throws IOException {
        files.write("secrets.json", "{ \"a\": { \"b/c\": \"from-json\" } }");
        files.write("one.txt", "from-text\n");
        Loaded loaded = files.load("c.json", """
                { secrets: { providers: { j: { source: 'file', path: 'secrets.json' },
                                          t: { source: 'file', path: 'one.txt', mode: 'singleValue' } },
                             defaults: { file: 'j' } },
                  a: { source: 'env', provider: 'default', id: 'KEY' },
                  b: { source: 'file', id: '/a/b~1c' },
                  c: { source: 'file', provider: 't', id: 'value' } }""", Map.of("KEY", "from-env"));
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.tree().leaves().values())
                .extracting(Value.Text::text)
                .containsExactly("from-env", "from-json", "from-text");
        assertThat(loaded.files()).contains(folder.resolve("secrets.json"), folder.resolve("one.txt"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{source: env, provider: default, id: NOT_SET} | the environment variable NOT_SET is not set",
                "{source: env, provider: narrow, id: HIDDEN} | is not in the allowlist",
                "{source: exec, provider: vault, id: x} | a secret cannot come from source 'exec'; put it into",
                "{source: store, provider: default, id: X} | a secret cannot come from source 'store'",
                "{source: file, provider: none, id: /x} | the secrets provider 'none' is no file provider",
                "{source: file, provider: j, id: /x} | the secrets file secrets.json cannot be read: there is no such",
                "{source: tea, id: x} | source must be env or file, not 'tea'",
                "{source: env} | id is missing: the name of the variable",
                "{source: file, provider: j, id: ''} | id is missing: where in the file it is, such as /a/b",
                "{source: exec, provider: vault} | a secret cannot come from source 'exec'"
            })
    void saysWhatToWriteInsteadOfASecretItCannotResolve(String ref, String said) throws IOException {
        Loaded loaded = files.load("c.yaml", """
                secrets:
                  providers:
                    j: { source: file, path: secrets.json }
                    narrow: { source: env, allowlist: [ OTHER ] }
                gateway: { auth: { token: %s } }
                """.formatted(ref), Map.of("HIDDEN", "s3cr3t"));
        assertThat(loaded.mistakes())
                .singleElement()
                .asString()
                .startsWith("gateway.auth.token: ")
                .contains(said)
                .endsWith("(line 5, column 27)")
                .doesNotContain("s3cr3t");
    }
}
