package io.chela.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.chela.api.spi.EntryState;
import io.chela.api.spi.ModelState;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentRuntimeTest {
    private static final Agent AGENT = new Agent(
            new AgentId("main"), Optional.empty(), "Be brief.", new ModelRef("fake", "m"), List.of(), Set.of(), true);
    private static final SessionKey KEY = SessionKey.of(AGENT.id(), "k");

    private final MemoryStore store = new MemoryStore();
    private final Sessions sessions = new Sessions(store, Clock.systemUTC());

    private AgentRuntime runtime(FakeModel model) {
        return new AgentRuntime(
                new Providers(Map.of("fake", model)),
                sessions,
                new Runs(Clock.systemUTC(), Budget.ofHeap()),
                RunLimits.DEFAULTS);
    }

    private static Turn turn(Optional<SessionKey> session, Message... messages) {
        return new Turn(RunId.random(), "operator", AGENT, session, List.of(messages), Json.object());
    }

    private static Turn inSession(String text) {
        return turn(Optional.of(KEY), Message.of(Role.USER, text));
    }

    private static Turn stateless(String text) {
        return turn(Optional.empty(), Message.of(Role.USER, text));
    }

    private static List<String> texts(Prompt prompt) {
        return prompt.messages().stream()
                .map(message -> message.role().wire() + ": " + message.text())
                .toList();
    }

    private List<EntryState> states() {
        return sessions.transcript("operator", KEY).stream()
                .map(entry -> entry.state())
                .toList();
    }

    private static Problem problem(Runnable call) {
        try {
            call.run();
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("it was taken");
    }

    @Test
    void numbersTheEventsOfARunFromZero() {
        List<RunEvent> events = new ArrayList<>();
        runtime(FakeModel.saying("a", "b")).accept(stateless("hi")).play(events::add);
        assertThat(events).extracting(RunEvent::seq).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(events)
                .extracting(RunEvent::event)
                .startsWith(
                        new TurnEvent.Started(),
                        new TurnEvent.Calling(AGENT.model()),
                        new ModelEvent.Text("a"),
                        new ModelEvent.Text("b"),
                        new ModelEvent.Finish("stop"));
    }

    @Test
    void sendsTheInstructionsAndThenTheCallersMessagesAsTheyAre() {
        var model = FakeModel.saying("ok");
        var mine = new Message(Json.readObject("{\"role\":\"user\",\"content\":\"  hi \",\"name\":\"me\"}"));
        runtime(model).accept(turn(Optional.empty(), mine)).play(_ -> {});
        assertThat(model.prompts().getFirst().messages()).containsExactly(Message.of(Role.SYSTEM, "Be brief."), mine);
    }

    @Test
    void leavesNothingBehindWithoutASession() {
        runtime(FakeModel.saying("ok")).accept(stateless("hi")).play(_ -> {});
        assertThat(sessions.list("operator", 10)).isEmpty();
    }

    @Test
    void continuesASessionWithWhatWasSaidBefore() {
        var model = FakeModel.saying("fine");
        var runtime = runtime(model);
        runtime.accept(inSession("one")).play(_ -> {});
        runtime.accept(inSession("two")).play(_ -> {});
        assertThat(texts(model.prompts().get(1)))
                .containsExactly("system: Be brief.", "user: one", "assistant: fine", "user: two");
        assertThat(states()).containsOnly(EntryState.DONE).hasSize(4);
    }

    @Test
    void appendsOnlyWhatIsNewWhenTheCallerSendsTheWholeConversation() {
        var model = FakeModel.saying("fine");
        var runtime = runtime(model);
        runtime.accept(inSession("one")).play(_ -> {});
        runtime.accept(turn(
                        Optional.of(KEY),
                        Message.of(Role.SYSTEM, "mine"),
                        Message.of(Role.USER, "one"),
                        Message.of(Role.ASSISTANT, "fine"),
                        Message.of(Role.USER, "two")))
                .play(_ -> {});
        assertThat(texts(model.prompts().get(1)))
                .containsExactly("system: Be brief.", "system: mine", "user: one", "assistant: fine", "user: two");
        assertThat(states()).hasSize(4);
    }

    @Test
    void storesTheQuestionBeforeTheModelIsAsked() {
        List<Integer> stored = new ArrayList<>();
        var model = FakeModel.answering(_ -> {
            stored.add(sessions.transcript("operator", KEY).size());
            return List.of("ok");
        });
        runtime(model).accept(inSession("one")).play(_ -> {});
        assertThat(stored).containsExactly(1);
    }

    @Test
    void keepsAFailedQuestionAndDoesNotSendItAgain() {
        var broken = new Problem.Upstream(Problem.Upstream.Kind.BROKEN, "fake", "broke");
        var failing = FakeModel.scripted(_ -> {
            throw new ProblemException(broken);
        });
        var outcome = runtime(failing).accept(inSession("one")).play(_ -> {});
        assertThat(outcome).isEqualTo(new TurnOutcome.Failed(broken));
        assertThat(states()).containsExactly(EntryState.FAILED);

        var model = FakeModel.saying("ok");
        runtime(model).accept(inSession("two")).play(_ -> {});
        assertThat(texts(model.prompts().getFirst())).containsExactly("system: Be brief.", "user: two");
    }

    @Test
    void endsAHangingModelWhenCancelledAndKeepsWhatItSaid() throws Exception {
        var model = FakeModel.saying("Hel", "lo").thenHanging();
        var accepted = runtime(model).accept(inSession("one"));
        var outcome = play(accepted);
        awaitText(accepted.run(), "Hello");
        accepted.run().cancel();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.Cancelled());
        assertThat(model.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(states()).containsExactly(EntryState.PARTIAL, EntryState.PARTIAL);

        var next = FakeModel.saying("ok");
        runtime(next).accept(inSession("two")).play(_ -> {});
        assertThat(texts(next.prompts().getFirst()))
                .containsExactly("system: Be brief.", "user: one", "assistant: Hello", "user: two");
    }

    @Test
    void leavesAQuestionUnansweredWhenCancelledBeforeTheFirstWord() throws Exception {
        var model = FakeModel.saying().thenHanging();
        var accepted = runtime(model).accept(inSession("one"));
        var outcome = play(accepted);
        awaitPrompt(model);
        accepted.run().cancel();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.Cancelled());
        assertThat(states()).containsExactly(EntryState.UNANSWERED);
    }

    @Test
    void tellsATimeOutFromACancel() throws Exception {
        var model = FakeModel.saying().thenHanging();
        var accepted = runtime(model).accept(stateless("one"));
        var outcome = play(accepted);
        awaitPrompt(model);
        accepted.run().timeOutAt(Long.MAX_VALUE / 2);
        accepted.run().cancel();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.TimedOut());
    }

    @Test
    void leavesTheQueueOfItsSessionWhenCancelled() throws Exception {
        var hanging = FakeModel.saying().thenHanging();
        var runtime = runtime(hanging);
        var first = runtime.accept(inSession("one"));
        var firstOutcome = play(first);
        awaitPrompt(hanging);
        var waiting = runtime.accept(inSession("two"));
        var waitingOutcome = play(waiting);
        waiting.run().cancel();
        assertThat(waitingOutcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.Cancelled());
        first.run().cancel();
        firstOutcome.get(10, TimeUnit.SECONDS);
        assertThat(hanging.prompts()).hasSize(1);
        assertThat(states()).hasSize(1);
    }

    @Test
    void cancelsTheRunWhenItsDoorLosesTheCaller() {
        var model = FakeModel.saying("a", "b");
        var outcome = runtime(model).accept(stateless("hi")).play(event -> {
            if (event.event() instanceof ModelEvent.Text) {
                throw new IllegalStateException("socket closed");
            }
        });
        assertThat(outcome).isEqualTo(new TurnOutcome.Cancelled());
    }

    @Test
    void showsAFaultOfOursByItsIdAlone() {
        var outcome = runtime(FakeModel.scripted(_ -> {
                    throw new IllegalStateException("secret detail");
                }))
                .accept(stateless("hi"))
                .play(_ -> {});
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TurnOutcome.Failed.class,
                        failed -> assertThat(failed.problem().message())
                                .startsWith("internal error ")
                                .doesNotContain("secret"));
    }

    @Test
    void showsAFaultOfAnExtensionThatLacksALibraryByItsIdAlone() {
        var outcome = runtime(FakeModel.scripted(_ -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                }))
                .accept(inSession("hi"))
                .play(_ -> {});
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TurnOutcome.Failed.class,
                        failed -> assertThat(failed.problem()).isInstanceOf(Problem.Internal.class));
    }

    @Test
    void takesNoTurnWhileTheModelLoads() {
        var model = FakeModel.saying("ok").in(new ModelState.Loading("loading x.gguf"));
        var problem = problem(() -> runtime(model).accept(inSession("hi")));
        assertThat(problem).isInstanceOf(Problem.Unavailable.class);
        assertThat(problem.message()).contains("fake/m", "loading x.gguf");
        assertThat(sessions.list("operator", 1)).isEmpty();
    }

    @Test
    void takesNoTurnOnceItDrainsAndTellsWhenAllHaveEnded() throws Exception {
        var model = FakeModel.saying().thenHanging();
        var runtime = runtime(model);
        var running = runtime.accept(stateless("hi"));
        var outcome = play(running);
        runtime.runs().drain();
        assertThat(problem(() -> runtime.accept(stateless("more")))).isInstanceOf(Problem.Unavailable.class);
        assertThat(runtime.runs().awaitIdle(Duration.ofMillis(50))).isFalse();
        runtime.runs().cancelAll();
        assertThat(runtime.runs().awaitIdle(Duration.ofSeconds(10))).isTrue();
        outcome.get(10, TimeUnit.SECONDS);
    }

    @Test
    void refusesARunIdThatIsKnown() {
        var runtime = runtime(FakeModel.saying("ok"));
        var turn = stateless("hi");
        runtime.accept(turn).play(_ -> {});
        assertThatThrownBy(() -> runtime.accept(turn)).isInstanceOf(ProblemException.class);
        assertThat(runtime.runs().find("operator", turn.run())).isPresent();
        assertThat(runtime.runs().find("somebody else", turn.run())).isEmpty();
    }

    @Test
    void doesNotSendAToolCallThatNobodyAnswered() {
        var call = Json.readObject("{\"index\":0,\"id\":\"c1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
        var calling = FakeModel.scripted(
                _ -> List.of(new ModelEvent.ToolCallDelta(call), new ModelEvent.Finish("tool_calls")));
        runtime(calling).accept(inSession("one")).play(_ -> {});

        var answering = FakeModel.saying("ok");
        runtime(answering)
                .accept(turn(
                        Optional.of(KEY),
                        new Message(Json.readObject("{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"42\"}"))))
                .play(_ -> {});
        assertThat(answering.prompts().getFirst().messages().get(2).toolCalls()).hasSize(1);

        runtime(calling).accept(inSession("again")).play(_ -> {});
        var moved = FakeModel.saying("ok");
        var otherCall = inSession("never mind");
        runtime(moved).accept(otherCall).play(_ -> {});
        assertThat(texts(moved.prompts().getFirst())).endsWith("user: never mind");
    }

    private static CompletableFuture<TurnOutcome> play(Accepted accepted) {
        var outcome = new CompletableFuture<TurnOutcome>();
        Thread.startVirtualThread(() -> outcome.complete(accepted.play(_ -> {})));
        return outcome;
    }

    private static void awaitText(Run run, String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!run.answer().text().equals(text) && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        assertThat(run.answer().text()).isEqualTo(text);
    }

    private static void awaitPrompt(FakeModel model) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (model.prompts().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        assertThat(model.prompts()).isNotEmpty();
    }
}
