package io.chela.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.ModelRef;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.api.spi.ContextWindow;
import io.chela.api.spi.HistoryLimits;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// How much of what was said before a model is told.
class RememberingTest {
    private static final Agent AGENT = new Agent(
            new AgentId("main"), Optional.empty(), "Be brief.", new ModelRef("fake", "m"), List.of(), Set.of(), true);
    private static final SessionKey KEY = SessionKey.of(AGENT.id(), "k");
    private static final Problem TOO_MUCH =
            new Problem.Upstream(Problem.Upstream.Kind.CONTEXT_LENGTH, "fake", "too long");

    private final Sessions sessions = new Sessions(new MemoryStore(), Clock.systemUTC());

    private AgentRuntime runtime(FakeModel model) {
        return runtime(model, HistoryLimits.DEFAULTS);
    }

    private AgentRuntime runtime(FakeModel model, HistoryLimits history) {
        var all = RunLimits.DEFAULTS;
        var limits = new RunLimits(all.concurrent(), all.waitingPerSession(), all.longest(), all.replies(), history);
        var runs = new Runs(Clock.systemUTC(), Budget.ofHeap());
        return new AgentRuntime(new Providers(Map.of("fake", model)), sessions, runs, limits);
    }

    private static TurnOutcome ask(AgentRuntime runtime, String text, ObjectNode parameters) {
        var messages = List.of(Message.of(Role.USER, text));
        return runtime.accept(new Turn(RunId.random(), "operator", AGENT, Optional.of(KEY), messages, parameters))
                .play(_ -> {});
    }

    private static TurnOutcome ask(AgentRuntime runtime, String text) {
        return ask(runtime, text, Json.object());
    }

    /// The texts of a prompt behind the agent's instructions.
    private static List<String> told(Prompt prompt) {
        return prompt.messages().stream().skip(1).map(Message::text).toList();
    }

    private static FakeModel taking(int messages) {
        return FakeModel.scripted(prompt -> {
            if (prompt.messages().size() > messages) {
                throw new ProblemException(TOO_MUCH);
            }
            return List.of(new ModelEvent.Text("ok"), new ModelEvent.Finish("stop"));
        });
    }

    @Test
    void tellsTheNewestExchangesWithinTheHistorysLimits() {
        var model = FakeModel.saying("ok");
        var runtime = runtime(model, new HistoryLimits(4, 1_000_000));
        for (int i = 1; i <= 5; i++) {
            ask(runtime, "q" + i);
        }
        assertThat(told(model.prompts().getLast())).containsExactly("q3", "ok", "q4", "ok", "q5");
        assertThat(sessions.transcript("operator", KEY)).hasSize(10);
    }

    @Test
    void storesAConversationThatIsResentWholeOnlyOnceBeyondTheLimitsToo() {
        var runtime = runtime(FakeModel.saying("ok"), new HistoryLimits(4, 1_000_000));
        List<Message> conversation = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            conversation.add(Message.of(Role.USER, "q" + i));
            runtime.accept(new Turn(RunId.random(), "operator", AGENT, Optional.of(KEY), conversation, Json.object()))
                    .play(_ -> {});
            conversation.add(Message.of(Role.ASSISTANT, "ok"));
        }
        assertThat(sessions.transcript("operator", KEY))
                .extracting(entry -> entry.message().text())
                .containsExactly("q1", "ok", "q2", "ok", "q3", "ok", "q4", "ok", "q5", "ok", "q6", "ok");
    }

    @Test
    void tellsNoMoreThanTheContextWindowTakes() {
        var model = FakeModel.saying("ok").taking(new ContextWindow(200, Optional.of(50)));
        var runtime = runtime(model);
        for (int i = 1; i <= 5; i++) {
            ask(runtime, "question " + i + " " + "x".repeat(60)); // 32 tokens by the estimate, its answer 9
        }
        assertThat(told(model.prompts().getLast()))
                .hasSize(5)
                .startsWith("question 3 " + "x".repeat(60))
                .endsWith("question 5 " + "x".repeat(60));
        ask(runtime, "short", Json.object().put("max_tokens", 100));
        assertThat(told(model.prompts().getLast())).hasSize(5); // 7 without
        ask(runtime, "x".repeat(1_000));
        assertThat(told(model.prompts().getLast())).containsExactly("x".repeat(1_000));
    }

    @Test
    void asksWithLessWhenTheModelSaysThatItIsTooMuch() {
        var model = taking(6);
        var runtime = runtime(model);
        for (int i = 1; i <= 4; i++) {
            assertThat(ask(runtime, "q" + i)).isInstanceOf(TurnOutcome.Completed.class);
        }
        assertThat(model.prompts()).hasSize(5);
        assertThat(told(model.prompts().getLast())).containsExactly("q3", "ok", "q4");
    }

    @Test
    void asksWithoutAHistoryAtLastAndShowsNothingOfIt() {
        var model = taking(2);
        var runtime = runtime(model);
        for (int i = 1; i <= 9; i++) {
            ask(runtime, "q" + i);
        }
        int before = model.prompts().size();
        List<RunEvent> events = new ArrayList<>();
        var messages = List.of(Message.of(Role.USER, "last"));
        runtime.accept(new Turn(RunId.random(), "operator", AGENT, Optional.of(KEY), messages, Json.object()))
                .play(events::add);
        assertThat(model.prompts().subList(before, model.prompts().size()))
                .extracting(prompt -> told(prompt).size())
                .containsExactly(19, 9, 3, 1);
        assertThat(events)
                .extracting(RunEvent::event)
                .containsExactly(
                        new TurnEvent.Started(),
                        new TurnEvent.Calling(AGENT.model()),
                        new ModelEvent.Text("ok"),
                        new ModelEvent.Finish("stop"));
    }

    @Test
    void failsClearlyWhenTheQuestionAloneIsTooMuch() {
        var model = taking(1);
        assertThat(ask(runtime(model), "q")).isEqualTo(new TurnOutcome.Failed(TOO_MUCH));
        assertThat(model.prompts()).hasSize(1);
    }
}
