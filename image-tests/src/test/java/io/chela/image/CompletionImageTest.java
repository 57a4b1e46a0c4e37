package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Tab key, in the real shells.
class CompletionImageTest {
    /// Takes back what is typed.
    private static final String CTRL_U = "\u0015";

    private static final Path BIN = Launch.BUILT.resolve("bin");

    @TempDir
    private Path folder = Path.of("unset");

    private Program shell(String name, String... arguments) {
        Path shell = Path.of("/usr/bin", name);
        Machine.needs(Files.isExecutable(shell), "there is no " + shell);
        String[] command = new String[arguments.length + 1];
        command[0] = shell.toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Program.in(folder, command).with("PATH", BIN + ":/usr/bin:/bin").with("PS1", "ready> ");
    }

    /// Types half a command with Tab behind it, and has the shell print the line instead of running it.
    private static Terminal tab(String source) {
        return new Terminal()
                .expect("ready> ")
                .type(source + "\n")
                .expect("ready> ")
                .type("echo DONE\n")
                .expect("DONE\r\n")
                .type("chela gateway sta\t")
                .expect("chela gateway status")
                .type("--js\t")
                .expect("--json")
                .type(CTRL_U + "exit\n");
    }

    @Test
    void completesInBash() throws Exception {
        Ended ended = tab("source <(chela completion bash)")
                .run(shell("bash", "--norc", "--noprofile", "-i").with("TERM", "dumb"));
        assertThat(ended.exit()).as(ended.out()).isNotEqualTo(99);
    }

    @Test
    void completesInZsh() throws Exception {
        Ended ended = tab("source <(chela completion zsh)")
                .run(shell("zsh", "-f", "-i").with("TERM", "dumb"));
        assertThat(ended.exit()).as(ended.out()).isNotEqualTo(99);
    }

    @Test
    void completesInFish() throws Exception {
        Ended ended = shell("fish", "--no-config", "-c", """
                chela completion fish | source
                complete -C 'chela '
                echo ==
                complete -C 'chela gateway st'
                echo ==
                complete -C 'chela gateway status --'
                echo ==
                complete -C 'chela completion '
                """).run();
        assertThat(ended.err()).isEmpty();
        String[] answers = ended.out().split("==\n", -1);
        assertThat(answers[0]).contains("gateway\t", "chat\t", "completion\t");
        assertThat(answers[1].lines().map(line -> line.replaceFirst("\t.*", "")))
                .containsExactlyInAnyOrder("status", "stop");
        assertThat(answers[2]).contains("--json\t", "--state-dir\t").doesNotContain("--port");
        assertThat(answers[3]).contains("bash", "zsh", "fish");
    }
}
