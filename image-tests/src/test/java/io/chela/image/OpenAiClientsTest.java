package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official `openai` packages, driven by small scripts beside this test's resources.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientsTest {
    /// The promise; a hang-up is passed on within milliseconds, and the script takes a moment to end.
    private static final long PROMISED_MILLIS = 1_000;

    private final ScriptedUpstream upstream = EchoUpstream.start();
    private Path home = Path.of("unset");
    private @Nullable Image started;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Machine.needsCi("Other people's clients, from npm and PyPI,");
        home = folder;
        started = Launch.in(folder).start(EchoUpstream.config(upstream));
    }

    @AfterAll
    void stop() throws Exception {
        if (started != null) {
            started.close();
        }
        upstream.close();
    }

    private void holds(Clients clients, String language, String script, String name) throws Exception {
        Image gateway = Objects.requireNonNull(started);
        String baseUrl = "http://127.0.0.1:" + gateway.port() + "/v1";
        Ended ended = clients.program(home, List.of(language, Clients.ours(script), baseUrl, gateway.token(), name))
                .run();
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out().strip()).isEqualTo("ok " + name);
        if (name.equals("abort")) {
            assertThat(upstream.awaitHangUp(PROMISED_MILLIS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer", "stream", "abort", "broken", "tool", "runner", "fifty", "errors", "retry", "loading", "limit",
                "models"
            })
    void worksForNode(String name) throws Exception {
        holds(Clients.ofNpm(), "node", "openai-client.mjs", name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer", "stream", "abort", "broken", "tool", "parsed", "fifty", "errors", "retry", "loading", "limit",
                "models", "shapes"
            })
    void worksForPython(String name) throws Exception {
        holds(Clients.ofPip(), "python3", "openai_client.py", name);
    }
}
