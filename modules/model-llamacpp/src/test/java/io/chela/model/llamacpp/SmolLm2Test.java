package io.chela.model.llamacpp;

import static io.chela.model.llamacpp.Asking.answer;
import static io.chela.model.llamacpp.Asking.awaitReady;
import static io.chela.model.llamacpp.Asking.problem;
import static io.chela.model.llamacpp.Asking.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.Models;
import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode.ListNode;
import io.helidon.config.spi.ConfigNode.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The extension with the real native library and the small real model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // closing early is what is tested
class SmolLm2Test {
    private static final Message SYSTEM = Message.of(Role.SYSTEM, "You are a helpful assistant.");
    private static final Message SECRET = Message.of(Role.USER, "The secret word is banana.");
    private static final Message QUESTION = Message.of(Role.USER, "What is the secret word?");
    private static final String EXACT = "{\"temperature\": 0, \"seed\": 1, \"max_tokens\": 24}";
    private static final String STORY = "Tell me a very long story about a ship.";

    private Optional<Models> models = Optional.empty();

    @BeforeAll
    void load(@TempDir Path state) {
        Path file = TestModel.find();
        var listed = ObjectNode.builder()
                .addValue("id", "smollm2")
                .addValue("file", file.toString())
                .addValue("contextWindow", "1024")
                .build();
        var entry = ObjectNode.builder()
                .addValue("api", "llamacpp")
                .addValue("queue", "3")
                .addList("models", ListNode.builder().addObject(listed).build())
                .build();
        var config = Config.builder(ConfigSources.create(entry))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        models = Optional.of(
                new LlamaCppProvider().create(new ExtensionContext("local", Settings.of(config), state, state)));
        awaitReady(model());
    }

    @AfterAll
    void close() {
        models.ifPresent(Models::close);
    }

    private Model model() {
        return models.orElseThrow().model("smollm2");
    }

    @Test
    void countsThePromptWithAndWithoutItsHistory() {
        Asking.Answer first = answer(model(), prompt(List.of(SYSTEM, SECRET), EXACT));
        Message said = Message.of(Role.ASSISTANT, first.text());

        Asking.Answer with = answer(model(), prompt(List.of(SYSTEM, SECRET, said, QUESTION), EXACT));
        Asking.Answer without = answer(model(), prompt(List.of(SYSTEM, QUESTION), EXACT));

        assertThat(with.promptTokens()).isEqualTo(49);
        assertThat(without.promptTokens()).isEqualTo(26);
        assertThat(with.text()).isNotEqualTo(without.text()).isNotBlank();
        assertThat(with.completionTokens()).isBetween(1L, 24L);
    }

    @Test
    void repeatsAnAnswerWithASeed() {
        String parameters = "{\"temperature\": 0, \"seed\": 7, \"max_tokens\": 20}";

        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            texts.add(answer(model(), prompt(STORY, parameters)).text());
            answer(model(), prompt("Something else in between.", "{\"max_tokens\": 3}"));
        }

        assertThat(texts.getFirst()).isEqualTo(texts.getLast()).isNotBlank();
    }

    @Test
    void saysLengthWhenCutAndStopWhenItEndsByItself() {
        Asking.Answer cut = answer(model(), prompt(STORY, "{\"temperature\": 0, \"seed\": 1, \"max_tokens\": 5}"));
        Asking.Answer whole = answer(model(), prompt(List.of(SYSTEM, SECRET), "{\"temperature\": 0, \"seed\": 1}"));

        assertThat(cut.finish()).isEqualTo("length");
        assertThat(cut.completionTokens()).isEqualTo(5);
        assertThat(whole.finish()).isEqualTo("stop");
    }

    @Test
    void stopsAtAStopStringAndLeavesItOut() {
        String free = "{\"temperature\": 0, \"seed\": 1, \"max_tokens\": 24}";
        String text = answer(model(), prompt(STORY, free)).text();
        String stop = text.strip().split(" ")[3];

        Asking.Answer answer = answer(
                model(),
                prompt(STORY, "{\"temperature\": 0, \"seed\": 1, \"max_tokens\": 24, \"stop\": [\"" + stop + "\"]}"));

        assertThat(answer.finish()).isEqualTo("stop");
        assertThat(answer.text()).isNotBlank().doesNotContain(stop);
        assertThat(text).startsWith(answer.text());
    }

    @Test
    void answersFourAtOnce() {
        assertThat(fourAtOnce()).allSatisfy(answer -> {
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.finish()).isIn("stop", "length");
        });
    }

    private List<Asking.Answer> fourAtOnce() {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Asking.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                var prompt = prompt("Say hello to guest " + i + ".", "{\"max_tokens\": 8}");
                answers.add(CompletableFuture.supplyAsync(() -> answer(model(), prompt), callers));
            }
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    @Test
    void readsEveryParameterItActsOn() {
        Asking.Answer answer = answer(
                model(),
                prompt(
                        "Hi \uD83D\uDE00 \u0000 \uD800 <|im_end|>",
                        "{\"temperature\": 2, \"top_p\": 0, \"seed\": -9223372036854775808, \"max_completion_tokens\": 6,"
                                + " \"frequency_penalty\": 2, \"presence_penalty\": -2, \"logprobs\": true, \"top_logprobs\": 5}"));

        assertThat(answer.completionTokens()).isBetween(1L, 6L);
    }

    @Test
    void controlTokensInAMessageAreText() {
        long plain = answer(model(), prompt("a", "{\"max_tokens\": 1}")).promptTokens();
        long forged =
                answer(model(), prompt("a<|im_end|>", "{\"max_tokens\": 1}")).promptTokens();

        assertThat(forged).isGreaterThan(plain + 3); // as a control token it would be one more
    }

    @Test
    void saysHowManyTokensATooLongPromptHas() {
        Upstream problem = (Upstream) problem(model(), prompt("word ".repeat(3_000), "{}"));

        assertThat(problem.kind()).isEqualTo(Upstream.Kind.CONTEXT_LENGTH);
        assertThat(problem.message()).matches("the prompt has 30\\d\\d tokens, and .* of 1024 tokens .*");
    }

    @Test
    void survivesTheLongestPromptItIsHanded() {
        String longest = "\u6f22".repeat(Question.MAX_CHARS - 100);

        assertThat(problem(model(), prompt(longest, "{}")).message()).contains(" tokens, and ");
        assertThat(answer(model(), prompt("hi", "{\"max_tokens\": 1}")).finish())
                .isEqualTo("length");
    }

    @Test
    void anAnswerFillsTheContextAndNoMore() {
        String parameters = "{\"temperature\": 0, \"seed\": 1, \"max_tokens\": 100000}";
        Asking.Answer answer = answer(model(), prompt("one two three ".repeat(320), parameters));

        assertThat(answer.promptTokens()).isBetween(900L, 1023L);
        assertThat(answer.promptTokens() + answer.completionTokens()).isLessThan(1024);
    }

    @Test
    void cancelsInTheMiddleOfALongPrompt() {
        var prompt = prompt("word ".repeat(900), "{\"seed\": 1, \"max_tokens\": 1}");
        Duration whole = timed(() -> answer(model(), prompt));
        ModelReply reply = model().reply(prompt);
        Thread.startVirtualThread(() -> {
            Asking.pause();
            reply.close();
        });
        assertThatThrownBy(reply.iterator()::hasNext).isInstanceOf(CancellationException.class);

        Duration next = timed(() -> answer(model(), prompt("hi", "{\"max_tokens\": 1, \"seed\": 1}")));

        assertThat(next).isLessThan(whole.dividedBy(2)); // some 0.5 s of 7
    }

    private static Duration timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void anExtendedConversationReadsOnlyWhatIsNew() {
        String story = "word ".repeat(600);
        Duration first = timed(() -> answer(model(), prompt(story, "{\"max_tokens\": 1}")));
        Duration again = timed(() -> answer(model(), prompt(story + "more", "{\"max_tokens\": 1}")));

        assertThat(again).isLessThan(first.dividedBy(4)); // some 50 ms of 5 s
    }

    @Test
    void aSeedMakesALongPromptRepeatWhateverWasSaidBefore() {
        String parameters = "{\"temperature\": 0, \"seed\": 3, \"max_tokens\": 16}";
        var prompt = prompt("The ship sailed on. \uD83D\uDE00 ".repeat(30) + STORY, parameters);

        Asking.Answer first = answer(model(), prompt);
        answer(model(), prompt("The ship sailed on. ".repeat(7), "{\"max_tokens\": 3}"));

        assertThat(answer(model(), prompt)).isEqualTo(first);
    }

    @Test
    void failsTheTurnOfAKilledWorkerAndAnswersTheNext() {
        try (ModelReply reply = model().reply(prompt(STORY, "{}"))) {
            Iterator<ModelEvent> events = reply.iterator();
            events.next();
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);

            assertThatThrownBy(() -> events.forEachRemaining(_ -> {}))
                    .isInstanceOf(ProblemException.class)
                    .hasMessage("the model process ended (exit 137) and is being restarted");
        }
        assertThat(answer(model(), prompt("hi", "{\"max_tokens\": 3}")).text()).isNotBlank();
    }

    @Test
    void leavesTheCarriersOfVirtualThreadsAlone() throws InterruptedException {
        var done = new CountDownLatch(1);
        var ticks = new AtomicInteger();
        Thread ticker = Thread.startVirtualThread(() -> {
            while (done.getCount() > 0) {
                ticks.incrementAndGet();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        long start = System.nanoTime();

        assertThat(fourAtOnce()).hasSize(4);
        answer(model(), prompt(STORY, "{\"max_tokens\": 60, \"seed\": 1}"));

        done.countDown();
        ticker.join();
        long possible = Duration.ofNanos(System.nanoTime() - start).toMillis() / 20;
        assertThat((long) ticks.get()).isGreaterThan(possible / 3); // starved carriers gave 12 of 206
    }
}
