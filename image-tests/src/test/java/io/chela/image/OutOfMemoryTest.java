package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Budgets: a heap that is too small for one body, which is let in because nobody else holds anything.
class OutOfMemoryTest {
    private static final String TOO_SMALL = "48m";
    private static final String TOO_LARGE = "x".repeat(18 * 1024 * 1024);
    private static final String TRIP = "agent:main:trip";

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void anOutOfMemoryErrorEndsTheProcessWithAMessageAndExitStatus3AndTheNextOneKnowsTheSessions() throws Exception {
        try (ScriptedUpstream upstream = EchoUpstream.start()) {
            try (Image gateway = Launch.in(folder).with("CHELA_HEAP", TOO_SMALL).start(EchoUpstream.config(upstream));
                    var caller = gateway.caller()) {
                assertThat(Caller.text(caller.say("remember this", TRIP))).isEqualTo("Echo: remember this");
                assertThatThrownBy(() -> caller.say(TOO_LARGE)).isInstanceOf(IOException.class);

                assertThat(gateway.exit()).isEqualTo(3);
                assertThat(gateway.log())
                        .contains("Terminating due to java.lang.OutOfMemoryError: Java heap space")
                        .containsPattern("(?m)^chela: the heap of 48m is full, .*: raise CHELA_HEAP, or lower limits");
                assertThat(gateway.output()).doesNotContain("OutOfMemoryError");
            }
            try (Image next = Launch.in(folder).start(EchoUpstream.config(upstream));
                    var caller = next.caller()) {
                assertThat(Caller.text(caller.say("and now", TRIP))).isEqualTo("Echo: and now");
                assertThat(EchoUpstream.conversation(
                                upstream, upstream.requests().size() - 1))
                        .containsSubsequence("user: remember this", "assistant: Echo: remember this", "user: and now");
            }
        }
    }
}
