package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A caller that goes away takes its model call along.
class HangUpImageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// The promise; a hang-up is passed on within milliseconds.
    private static final long PROMISED_MILLIS = 1_000;

    private static final String KEY = "trip";

    @TempDir
    private Path folder = Path.of("unset");

    private static void readUntil(Socket caller, String words) throws Exception {
        caller.setSoTimeout((int) PATIENCE.toMillis());
        InputStream in = caller.getInputStream();
        byte[] some = new byte[8192];
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains(words)) {
            int count = in.read(some);
            assertThat(count).as(seen.toString()).isPositive();
            seen.append(new String(some, 0, count, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closesTheModelCallBeforeItsFirstWord(boolean stream) throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            Socket gone = caller.raw(Caller.body("SILENT").put("stream", stream), KEY);
            Patience.until(PATIENCE, gateway::log, () -> upstream.requests().size() == 1);
            gone.close();
            assertThat(upstream.awaitHangUp(PROMISED_MILLIS)).isTrue();

            assertThat(Caller.text(caller.say("hello", KEY))).isEqualTo("Echo: hello");
            assertThat(upstream.requests()).hasSize(2); // nothing was tried again
            assertThat(EchoUpstream.conversation(upstream, 1)).containsExactly("system: Be brief.", "user: hello");
        }
    }

    @Test
    void closesTheModelCallInTheMiddleOfAnAnswerThatIsNotStreamed() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            Socket gone = caller.raw(Caller.body("HANG"), KEY);
            Patience.until(PATIENCE, gateway::log, () -> upstream.requests().size() == 1);
            gone.close();
            assertThat(upstream.awaitHangUp(PROMISED_MILLIS)).isTrue();
            assertThat(Caller.text(caller.say("hello", KEY))).isEqualTo("Echo: hello");
        }
    }

    @Test
    void closesTheModelCallInMidStreamAndKeepsWhatWasSaid() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            Socket gone = caller.raw(Caller.body("HANG").put("stream", true), KEY);
            readUntil(gone, "Once upon a time");
            gone.close();
            assertThat(upstream.awaitHangUp(PROMISED_MILLIS)).isTrue();

            assertThat(Caller.text(caller.say("hello", KEY))).isEqualTo("Echo: hello");
            assertThat(EchoUpstream.conversation(upstream, 1))
                    .containsExactly("system: Be brief.", "user: HANG", "assistant: Once upon a time", "user: hello");
        }
    }

    @Test
    void leavesTheLineOfItsSession() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            Socket first = caller.raw(Caller.body("SILENT first"), KEY);
            Patience.until(PATIENCE, gateway::log, () -> upstream.requests().size() == 1);
            Socket waiting = caller.raw(Caller.body("SILENT second"), KEY);
            waiting.close();
            Patience.until(PATIENCE, gateway::log, () -> gateway.log().contains("\"outcome\":\"cancelled\""));
            first.close();
            assertThat(Caller.text(caller.say("hello", KEY))).isEqualTo("Echo: hello");
            assertThat(upstream.requests()).hasSize(2); // the second never reached the model
        }
    }
}
