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
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.api.Usage;
import io.chela.api.spi.ContextWindow;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An agent with the model `one/m` and the fallbacks `two/m` and `three/m`.
class FailoverTest {
    private static final ModelRef ONE = new ModelRef("one", "m");
    private static final ModelRef TWO = new ModelRef("two", "m");
    private static final ModelRef THREE = new ModelRef("three", "m");
    private static final Agent AGENT =
            new Agent(new AgentId("main"), Optional.empty(), "", ONE, List.of(TWO, THREE), Set.of(), true);
    private static final SessionKey KEY = SessionKey.of(AGENT.id(), "k");
    private static final Retries ONCE = new Retries(List.of(), Duration.ofMinutes(10));

    private final Sessions sessions = new Sessions(new MemoryStore(), Clock.systemUTC());
    private final List<RunEvent> events = new ArrayList<>();

    private static Problem.Upstream failure(String provider, Kind kind) {
        return new Problem.Upstream(
                kind, provider, Optional.of(429), "The model provider '" + provider + "' failed.", Optional.empty());
    }

    private static FakeModel failing(String provider, Kind kind) {
        return FakeModel.scripted(_ -> {
            throw new ProblemException(failure(provider, kind));
        });
    }

    private Accepted accept(FakeModel one, FakeModel two, FakeModel three) {
        return accept(AGENT, one, two, three, "hi");
    }

    private Accepted accept(Agent agent, FakeModel one, FakeModel two, FakeModel three, String text) {
        var runtime = new AgentRuntime(
                new Providers(Map.of("one", one, "two", two, "three", three)),
                sessions,
                new Runs(Clock.systemUTC(), Budget.ofHeap()),
                RunLimits.DEFAULTS,
                ONCE);
        return runtime.accept(new Turn(
                RunId.random(),
                "operator",
                agent,
                Optional.of(KEY),
                List.of(Message.of(Role.USER, text)),
                Json.object()));
    }

    private static TurnOutcome completed(int tokens) {
        return new TurnOutcome.Completed("stop", Optional.of(Usage.of(11, tokens)));
    }

    private List<EntryState> states() {
        return sessions.transcript("operator", KEY).stream()
                .map(entry -> entry.state())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REJECTED", "CONTEXT_LENGTH", "CONTENT_FILTER"})
    void asksTheNextModelWhenTheOneBeforeFailed(Kind kind) {
        FakeModel two = FakeModel.saying("from two");
        FakeModel three = FakeModel.saying("from three");
        Accepted accepted = accept(failing("one", kind), two, three);
        assertThat(accepted.play(events::add)).isEqualTo(completed(1));
        assertThat(events)
                .extracting(RunEvent::event)
                .containsExactly(
                        new TurnEvent.Started(),
                        new TurnEvent.Calling(ONE),
                        new TurnEvent.Calling(TWO),
                        new ModelEvent.Text("from two"),
                        new ModelEvent.Finish("stop"),
                        new ModelEvent.Used(Usage.of(11, 1)));
        assertThat(accepted.run().model()).isEqualTo(TWO);
        assertThat(three.prompts()).isEmpty();
        assertThat(states()).containsExactly(EntryState.DONE, EntryState.DONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"REJECTED", "CONTEXT_LENGTH", "CONTENT_FILTER"})
    void asksNoOtherWhenTheRequestIsAtFault(Kind kind) {
        FakeModel two = FakeModel.saying("from two");
        assertThat(accept(failing("one", kind), two, two).play(events::add))
                .isEqualTo(new TurnOutcome.Failed(failure("one", kind)));
        assertThat(two.prompts()).isEmpty();
    }

    @Test
    void asksNoOtherOnceTheModelHasSaidSomething() {
        FakeModel one = FakeModel.replying(_ -> new HalfAnAnswer(failure("one", Kind.BROKEN)));
        FakeModel two = FakeModel.saying("from two");
        assertThat(accept(one, two, two).play(events::add))
                .isEqualTo(new TurnOutcome.Failed(failure("one", Kind.BROKEN)));
        assertThat(two.prompts()).isEmpty();
        assertThat(states()).containsExactly(EntryState.PARTIAL, EntryState.PARTIAL);
    }

    @Test
    void failsAsItsOwnModelDidAndTellsWhatBecameOfTheFallbacks() {
        TurnOutcome outcome = accept(
                        failing("one", Kind.RATE_LIMITED),
                        failing("two", Kind.REJECTED),
                        failing("three", Kind.UNAUTHORIZED))
                .play(events::add);
        assertThat(outcome)
                .isEqualTo(new TurnOutcome.Failed(new Problem.Upstream(
                        Kind.RATE_LIMITED,
                        "one",
                        Optional.of(429),
                        "The model provider 'one' failed. Its fallback two/m: The model provider 'two' failed."
                                + " Its fallback three/m: The model provider 'three' failed.",
                        Optional.empty())));
        assertThat(states()).containsExactly(EntryState.FAILED);
    }

    @Test
    void passesOverModelsThatAreNotReady() {
        FakeModel one = FakeModel.saying("from one").in(new ModelState.Failed("no such file"));
        FakeModel two = FakeModel.saying("from two").in(new ModelState.Loading("4 of 9 MB"));
        assertThat(accept(one, two, FakeModel.saying("from three")).play(events::add))
                .isEqualTo(completed(1));
        assertThat(events).extracting(RunEvent::event).contains(new TurnEvent.Calling(THREE));
        assertThat(one.prompts()).isEmpty();
    }

    @Test
    void saysWhyItsOwnModelIsNotReadyWhenNoneIs() {
        FakeModel one = FakeModel.saying().in(new ModelState.Loading("4 of 9 MB"));
        FakeModel other = FakeModel.saying().in(new ModelState.Failed("no such file"));
        assertThatThrownBy(() -> accept(one, other, other))
                .isInstanceOf(ProblemException.class)
                .extracting(thrown -> ((ProblemException) thrown).problem())
                .isEqualTo(new Problem.Unavailable(
                        "loading", "The model one/m is not ready yet: 4 of 9 MB.", Failover.LOADING_RETRY));
    }

    @Test
    void asksNoFallbackForACallerWhoNamedTheModel() {
        FakeModel one = FakeModel.saying("from one");
        Agent named = AGENT.with(TWO);
        assertThat(accept(named, one, failing("two", Kind.OVERLOADED), one, "hi")
                        .play(events::add))
                .isEqualTo(new TurnOutcome.Failed(failure("two", Kind.OVERLOADED)));
        assertThat(one.prompts()).isEmpty();
    }

    @Test
    void tellsEachModelAsMuchOfTheSessionAsItsWindowTakes() {
        FakeModel one = FakeModel.saying("x".repeat(300));
        accept(AGENT, one, one, one, "y".repeat(300)).play(_ -> {});
        FakeModel small = FakeModel.saying("from two").taking(new ContextWindow(200, Optional.of(10)));
        FakeModel failing = failing("one", Kind.SILENT);
        assertThat(accept(AGENT, failing, small, one, "and now?").play(events::add))
                .isEqualTo(completed(1));
        assertThat(failing.prompts())
                .singleElement()
                .extracting(FailoverTest::texts)
                .asString()
                .contains("yyy", "xxx");
        assertThat(small.prompts())
                .singleElement()
                .extracting(FailoverTest::texts)
                .isEqualTo(List.of("and now?"));
    }

    private static List<String> texts(Prompt prompt) {
        return prompt.messages().stream().map(Message::text).toList();
    }

    @Test
    void asksNobodyElseWhenTheRunIsCancelledMeanwhile() throws Exception {
        FakeModel one = FakeModel.saying().thenHanging();
        FakeModel two = FakeModel.saying("from two");
        Accepted accepted = accept(one, two, two);
        var outcome = CompletableFuture.supplyAsync(() -> accepted.play(_ -> {}));
        while (one.prompts().isEmpty()) {
            Thread.onSpinWait();
        }
        accepted.run().cancel();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.Cancelled());
        assertThat(two.prompts()).isEmpty();
    }
}
