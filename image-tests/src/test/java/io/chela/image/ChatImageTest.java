package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `chela chat` as a person has it: in a terminal, with a gateway whose model can hang.
class ChatImageTest {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final long SOON_MILLIS = 10_000;

    @TempDir
    private Path folder = Path.of("unset");

    /// Answers with what it was told last, and how many messages it knows of; hangs in the middle when told to wait.
    private static ScriptedUpstream upstream() {
        return ScriptedUpstream.answering(exchange -> {
            var messages = exchange.request().json().path("messages");
            String last = messages.get(messages.size() - 1).path("content").stringValue("");
            exchange.stream();
            exchange.text("You said \u001b]0;title\u0007\u001b[31m");
            if (last.contains("wait")) {
                exchange.hang();
            }
            exchange.text(last + ", number ");
            long said = messages.valueStream()
                    .filter(message -> message.path("role").stringValue("").equals("user"))
                    .count();
            exchange.text(said + ".");
            exchange.finish("stop");
            exchange.done();
        });
    }

    @Test
    void streamsStopsGoesOnAndIsContinued() throws Exception {
        try (var upstream = upstream();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            Ended first = new Terminal()
                    .expect("> ")
                    .type("one\n")
                    .expect("one, number 1.")
                    .expect("> ")
                    .type("grüße, wait\n")
                    .expect("You said ") // shown although the answer has no end
                    .type(CTRL_C)
                    .expect("(stopped)")
                    .expect("> ")
                    .type("two\n")
                    .expect("two, number")
                    .expect("> ")
                    .type(CTRL_C)
                    .expect("continue with: chela chat --session-key trip")
                    .run(Launch.in(folder).chela("chat", "--session-key", "trip"));
            assertThat(first.exit()).as(first.out()).isZero();
            assertThat(first.out()).doesNotContain("\u001b", "\u0007", "Exception");
            assertThat(upstream.awaitHangUp(SOON_MILLIS)).isTrue();

            Ended second = new Terminal()
                    .expect("> ")
                    .type("/new\n")
                    .expect("a new session: chat-")
                    .expect("> ")
                    .type("three\n")
                    .expect("three, number 1.")
                    .expect("> ")
                    .type(CTRL_D)
                    .expect("continue with: chela chat --session-key chat-")
                    .run(Launch.in(folder).chela("chat", "--session-key", "trip"));
            assertThat(second.exit()).as(second.out()).isZero();

            Ended agent = Launch.in(folder)
                    .chela("agent", "--message", "grüße", "--session-key", "trip")
                    .run();
            assertThat(agent.out()).contains("grüße, number ").doesNotContain("number 1.");
            assertThat(gateway.log()).doesNotContain("Exception");
        }
    }

    @Test
    void answersThePipeInUtf8WithoutPromptsEvenInTheLocaleOfNobody() throws Exception {
        try (var upstream = upstream();
                Image _ = Launch.in(folder).start(EchoUpstream.config(upstream))) {
            Program pipe = Program.in(
                            folder,
                            "sh",
                            "-c",
                            "printf 'grüße 🦀\\nzwei' | " + Launch.BUILT.resolve("bin/chela") + " chat")
                    .with("LANG", "C")
                    .with("CHELA_STATE_DIR", folder.resolve("state").toString());
            Ended ended = pipe.run();
            assertThat(ended.out())
                    .isEqualTo("You said ]0;title[31mgrüße 🦀, number 1.\nYou said ]0;title[31mzwei, number 2.\n");
            assertThat(ended.err()).startsWith("continue with: ").hasLineCount(1);
            assertThat(ended.exit()).isZero();
        }
    }
}
