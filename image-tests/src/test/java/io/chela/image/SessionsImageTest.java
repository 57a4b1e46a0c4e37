package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Sessions, as the model sees them.
class SessionsImageTest {
    private static final String KEY = "trip";
    private static final int MANY = 50;
    private static final String SYSTEM = "system: Be brief.";

    @TempDir
    private Path folder = Path.of("unset");

    /// Answers `last ` only when the test lets it; everything else at once.
    private static ScriptedUpstream holding(CountDownLatch goOn) {
        return ScriptedUpstream.answering(exchange -> {
            if (exchange.request().body().contains("wait here")) {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            }
            EchoUpstream.answer(exchange);
        });
    }

    private static Ended agent(Launch launch, String text) throws Exception {
        return launch.chela("agent", "--message", text, "--session-key", KEY, "--json")
                .run();
    }

    @Test
    void keepsOneTranscriptForEveryDoorAndAcrossARestart() throws Exception {
        Launch launch = Launch.in(folder);
        try (var upstream = EchoUpstream.start()) {
            try (Image gateway = launch.start(EchoUpstream.config(upstream));
                    var http = gateway.caller();
                    var ws = new WsCaller(gateway)) {
                ObjectNode byHttp = Json.readObject(http.say("one", KEY).body());
                assertThat(byHttp.at("/usage/total_tokens").intValue()).isEqualTo(13);
                ws.ask("run-2", "two", KEY);
                ws.payload("run-2");
                ObjectNode byWs = ws.payload("run-2");
                assertThat(byWs.at("/result/payloads/0/text").stringValue()).isEqualTo("Echo: two");
                assertThat(byWs.at("/result/meta/agentMeta/usage/total").intValue())
                        .isEqualTo(13);
                Ended byCommand = agent(launch, "three");
                assertThat(byCommand.exit()).as(byCommand.err()).isZero();
                ObjectNode printed = Json.readObject(byCommand.out());
                assertThat(printed.at("/result/payloads/0/text").stringValue()).isEqualTo("Echo: three");
                assertThat(printed.at("/result/meta/agentMeta/usage/total").intValue())
                        .isEqualTo(13);
                assertThat(gateway.stop()).isZero();
            }
            try (Image again = launch.start(EchoUpstream.config(upstream));
                    var http = again.caller()) {
                assertThat(Caller.text(http.say("four", KEY))).isEqualTo("Echo: four");
            }
            List<String> said = new ArrayList<>(List.of(SYSTEM));
            List<String> words = List.of("one", "two", "three", "four");
            for (int turn = 0; turn < words.size(); turn++) {
                said.add("user: " + words.get(turn));
                assertThat(EchoUpstream.conversation(upstream, turn)).containsExactlyElementsOf(said);
                said.add("assistant: Echo: " + words.get(turn));
            }
        }
    }

    @Test
    void leavesNothingBehindWithoutASession() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            Caller.text(caller.say("one"));
            Caller.text(caller.say("two"));
            assertThat(EchoUpstream.conversation(upstream, 1)).containsExactly(SYSTEM, "user: two");
        }
    }

    @Test
    void answersFiftyAtOnce() throws Exception {
        try (var upstream = EchoUpstream.start();
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                answers.add(caller.saying("number " + i, "session-" + i));
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(Caller.text(answers.get(i).get(60, TimeUnit.SECONDS)))
                        .isEqualTo("Echo: number " + i);
            }
        }
    }

    @Test
    void doesNotLetOneSessionWaitForAnother() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = holding(goOn);
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            var held = caller.saying("wait here", "slow");
            assertThat(Caller.text(caller.say("hello", "quick"))).isEqualTo("Echo: hello");
            assertThat(held).isNotDone();
            goOn.countDown();
            assertThat(Caller.text(held.get(60, TimeUnit.SECONDS))).isEqualTo("Echo: wait here");
        }
    }

    @Test
    void takesTheTurnsOfASessionInTheOrderOfTheirArrival() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = holding(goOn);
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var ws = new WsCaller(gateway)) {
            List<String> words = List.of("wait here", "two", "three", "four", "five");
            List<String> expected = new ArrayList<>(List.of(SYSTEM));
            for (String word : words) {
                ws.ask(word, word, KEY);
                ws.payload(word); // taken, and so in line
                expected.add("user: " + word);
                expected.add("assistant: Echo: " + word);
            }
            goOn.countDown();
            for (String word : words) {
                ws.payload(word);
            }
            expected.removeLast();
            assertThat(upstream.requests()).hasSize(words.size());
            assertThat(EchoUpstream.conversation(upstream, words.size() - 1)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void runsOneTurnOfASessionAtATime() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        ScriptedUpstream.Script counting = exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(20); // long enough for a second one to be seen
            now.decrementAndGet();
            EchoUpstream.answer(exchange);
        };
        try (var upstream = ScriptedUpstream.answering(counting);
                Image gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
                var caller = gateway.caller()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(caller.saying("number " + i, KEY));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(Caller.text(answers.get(i).get(60, TimeUnit.SECONDS)))
                        .isEqualTo("Echo: number " + i);
            }
            assertThat(most).hasValue(1);
            assertThat(EchoUpstream.conversation(upstream, 7)).hasSize(16);
        }
    }
}
