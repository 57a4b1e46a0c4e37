package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.Secret;
import io.chela.app.cli.TypedLines;
import io.chela.testkit.ScriptedUpstream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Conversations with one gateway, whose model counts what it was told, waits, or refuses.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatTest {
    private static final long SOON_MILLIS = 20_000;

    private final Semaphore mayFinish = new Semaphore(0);
    private final ScriptedUpstream upstream = ScriptedUpstream.answering(this::answer);
    private Optional<GatewayPair> started = Optional.empty();

    private void answer(ScriptedUpstream.Exchange exchange) throws java.io.IOException, InterruptedException {
        var messages = exchange.request().json().path("messages");
        String last = messages.get(messages.size() - 1).path("content").stringValue("");
        if (last.contains("refuse")) {
            exchange.json(400, "{\"error\":{\"message\":\"no\"}}");
            return;
        }
        exchange.stream();
        exchange.text("message ");
        if (last.contains("wait")) {
            assertThat(mayFinish.tryAcquire(SOON_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        }
        long told = messages.valueStream()
                .filter(message -> message.path("role").stringValue("").equals("user"))
                .count();
        exchange.text(told + ": \u001b[31m" + last);
        exchange.finish("stop");
        exchange.done();
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        started = Optional.of(GatewayPair.with("""
                agents:
                  defaults: { model: home/m }
                  list: [ { id: main }, { id: ops } ]
                models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                """.formatted(upstream.baseUrl()), folder));
    }

    @AfterAll
    void stop() {
        started.orElseThrow().close();
        upstream.close();
    }

    private GatewayAddress address() {
        return started.orElseThrow().address();
    }

    /// A chat and what it has shown.
    private static final class Shown {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Chat chat;
        private int exit = -1;

        Shown(Supplier<GatewayAddress> gateway, ChatSession session, InputStream in) {
            var screen = new ChatScreen(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);
            chat = new Chat(gateway, new TypedLines(in, UTF_8), screen, session);
        }

        String out() {
            return out.toString(UTF_8);
        }

        String err() {
            return err.toString(UTF_8);
        }
    }

    private static void await(BooleanSupplier condition, Shown shown) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(shown.out() + shown.err()).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private Shown chat(ChatSession session, String... lines) throws InterruptedException {
        return chat(this::address, session, lines);
    }

    private static Shown chat(Supplier<GatewayAddress> gateway, ChatSession session, String... lines)
            throws InterruptedException {
        var shown = new Shown(
                gateway,
                session,
                new ByteArrayInputStream(String.join("\n", lines).getBytes(UTF_8)));
        shown.exit = shown.chat.run();
        return shown;
    }

    private static ChatSession session(String key) {
        return new ChatSession(Optional.empty(), key);
    }

    @Test
    void remembersWhatWasSaidInItsSessionAndPrintsAnswersAlone() throws Exception {
        var shown = chat(session("memory"), "grüße 🦀", "", "two");
        assertThat(shown.out()).isEqualTo("message 1: [31mgrüße 🦀\nmessage 2: [31mtwo\n");
        assertThat(shown.err()).isEqualTo("continue with: chela chat --session-key memory\n");
        assertThat(shown.exit).isZero();
    }

    @Test
    void sharesItsSessionWithTheAgentCommand() throws Exception {
        chat(session("shared"), "one");
        var params = Json.object().put("message", "two").put("sessionKey", "shared");
        assertThat(AgentCommand.ask(address(), params).toString()).contains("message 2: ");
        assertThat(chat(session("shared"), "three").out()).startsWith("message 3: ");
    }

    @Test
    void forgetsInANewSession() throws Exception {
        var shown = chat(session("old"), "one", "/new", "two");
        assertThat(shown.out().lines()).allMatch(line -> line.startsWith("message 1: "));
        assertThat(shown.err()).contains("a new session: chat-").contains("--session-key chat-");
    }

    @Test
    void changesItsAgentAndNamesTheNearestOfAnUnknownOne() throws Exception {
        var shown = chat(session("change"), "one", "/agent opps", "/agent", "/agent ops", "two");
        assertThat(shown.out().lines()).allMatch(line -> line.startsWith("message 1: "));
        assertThat(shown.err())
                .contains("chela: there is no agent 'opps'; did you mean 'ops'? (there are: main, ops)")
                .contains("agents: main, ops; choose")
                .contains("continue with: chela chat --session-key change --agent ops");
    }

    @Test
    void takesNoCommandForAMessageButWithTwoSlashes() throws Exception {
        var shown = chat(session("slashes"), "/nwe", "//nwe", "/help", "/quit", "never said");
        assertThat(shown.out()).isEqualTo("message 1: [31m/nwe\n");
        assertThat(shown.err())
                .contains("chela: unknown command '/nwe'; did you mean '/new'?")
                .contains("/agent ID");
        assertThat(shown.exit).isEqualTo(Main.EXIT_FAILED);
    }

    @Test
    void goesOnAfterAMessageThatFailed() throws Exception {
        var shown = chat(session("failing"), "refuse", "two");
        assertThat(shown.out()).startsWith("message 1: ");
        assertThat(shown.err().lines().findFirst().orElseThrow()).startsWith("chela: the gateway says: ");
        assertThat(shown.exit).isEqualTo(Main.EXIT_FAILED);
    }

    @Test
    void goesOnWhenTheGatewayCameBack() throws Exception {
        URI nowhere;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = URI.create("ws://127.0.0.1:" + socket.getLocalPort());
        }
        var away = new GatewayAddress(nowhere, Optional.empty());
        var found = List.of(address(), away, address()).iterator();
        var shown = chat(found::next, session("away"), "lost", "here");
        assertThat(shown.err()).contains("chela: no gateway answers on " + nowhere + "; is it running?");
        assertThat(shown.out()).isEqualTo("message 1: [31mhere\n");
    }

    @Test
    void saysWhichTokenIsWrong() {
        var wrong = new GatewayAddress(
                address().url(),
                Optional.of(new GatewayAddress.Credential(new Secret("wrong"), "/home/me/token")),
                Optional.empty());
        assertThatThrownBy(() -> chat(() -> wrong, session("wrong"), "hi"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("refuses the token (from: /home/me/token)")
                .hasMessageNotContaining("wrong");
        var none = new GatewayAddress(address().url(), Optional.empty());
        assertThatThrownBy(() -> chat(() -> none, session("none"), "hi")).hasMessageContaining("wants a token");
    }

    @Test
    void showsAnAnswerWhileItComesAndStopsItButNotItself() throws Exception {
        try (var typing = new PipedOutputStream()) {
            var shown = new Shown(this::address, session("stopping"), new PipedInputStream(typing));
            var exit = CompletableFuture.supplyAsync(() -> {
                try {
                    return shown.chat.run();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            typing.write("wait\n".getBytes(UTF_8));
            typing.flush();
            await(() -> shown.out().contains("message "), shown);
            assertThat(shown.chat.stopAnswer()).isTrue();
            await(() -> shown.err().contains("(stopped)"), shown);
            mayFinish.release();
            typing.write("again\n".getBytes(UTF_8));
            typing.flush();
            await(() -> shown.out().contains("[31magain\n"), shown);
            typing.write("/quit\n".getBytes(UTF_8));
            typing.flush();
            assertThat(exit.get(SOON_MILLIS, TimeUnit.MILLISECONDS)).isZero();
            assertThat(shown.err()).startsWith("(stopped)\n");
            assertThat(shown.out()).startsWith("message \n").doesNotContain("[31mwait");
            assertThat(shown.chat.stopAnswer()).isFalse();
        }
    }
}
