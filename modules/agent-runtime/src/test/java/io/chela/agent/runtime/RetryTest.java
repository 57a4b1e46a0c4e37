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
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.api.Usage;
import io.chela.api.spi.EntryState;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private static final Agent AGENT =
            new Agent(new AgentId("main"), Optional.empty(), "", new ModelRef("fake", "m"), List.of(), Set.of(), true);
    private static final SessionKey KEY = SessionKey.of(AGENT.id(), "k");
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Retries QUICK = new Retries(List.of(Duration.ofMillis(1), Duration.ofMillis(2)), LONG);
    private static final Problem LOST = new Problem.Upstream(Kind.BROKEN, "fake", "lost");

    private final Sessions sessions = new Sessions(new MemoryStore(), Clock.systemUTC());

    private AgentRuntime runtime(FakeModel model, Retries retries) {
        return new AgentRuntime(
                new Providers(Map.of("fake", model)),
                sessions,
                new Runs(Clock.systemUTC(), Budget.ofHeap()),
                RunLimits.DEFAULTS,
                retries);
    }

    private Accepted accept(FakeModel model, Retries retries) {
        return runtime(model, retries)
                .accept(new Turn(
                        RunId.random(),
                        "operator",
                        AGENT,
                        Optional.of(KEY),
                        List.of(Message.of(Role.USER, "hi")),
                        Json.object()));
    }

    /// Each attempt is one list of events; the problem in its place, or at its end, is thrown.
    private static FakeModel attempts(List<List<Object>> attempts) {
        Deque<List<Object>> left = new ArrayDeque<>(attempts);
        return FakeModel.replying(_ -> events(left.remove().iterator()));
    }

    private static Iterator<ModelEvent> events(Iterator<Object> script) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return script.hasNext();
            }

            @Override
            public ModelEvent next() {
                return switch (script.next()) {
                    case ModelEvent event -> event;
                    case Problem problem -> throw new ProblemException(problem);
                    default -> throw new AssertionError("neither an event nor a problem");
                };
            }
        };
    }

    private static List<Object> answer() {
        return List.of(new ModelEvent.Text("ok"), new ModelEvent.Finish("stop"));
    }

    private static Problem status(Kind kind, int status) {
        return new Problem.Upstream(kind, "fake", Optional.of(status), "status " + status, Optional.empty());
    }

    private List<EntryState> states() {
        return sessions.transcript("operator", KEY).stream()
                .map(entry -> entry.state())
                .toList();
    }

    @Test
    void asksAgainTwiceAndShowsNothingOfItsFailures() {
        var model = attempts(List.of(List.of(LOST), List.of(status(Kind.OVERLOADED, 503)), answer()));
        List<RunEvent> events = new ArrayList<>();
        var outcome = accept(model, QUICK).play(events::add);
        assertThat(outcome).isEqualTo(new TurnOutcome.Completed("stop", Optional.empty()));
        assertThat(events).extracting(RunEvent::seq).containsExactly(0L, 1L, 2L, 3L);
        assertThat(events)
                .extracting(RunEvent::event)
                .containsExactly(
                        new TurnEvent.Started(),
                        new TurnEvent.Calling(AGENT.model()),
                        new ModelEvent.Text("ok"),
                        new ModelEvent.Finish("stop"));
        assertThat(states()).containsExactly(EntryState.DONE, EntryState.DONE);
        assertThat(model.prompts()).hasSize(3).containsOnly(model.prompts().getFirst());
    }

    @Test
    void givesUpAfterTheThirdFailureWithItsCause() {
        var model = attempts(List.of(List.of(LOST), List.of(LOST), List.of(status(Kind.OVERLOADED, 503)), answer()));
        assertThat(accept(model, QUICK).play(_ -> {})).isEqualTo(new TurnOutcome.Failed(status(Kind.OVERLOADED, 503)));
        assertThat(model.prompts()).hasSize(3);
        assertThat(states()).containsExactly(EntryState.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        "REJECTED, 400",
        "CONTEXT_LENGTH, 400",
        "CONTENT_FILTER, 400",
        "UNAUTHORIZED, 401",
        "BILLING, 402",
        "UNKNOWN_MODEL, 404",
        "RATE_LIMITED, 429",
        "SILENT, 504",
        "BROKEN, 200",
        "BROKEN, 302",
        "UNKNOWN, 500",
    })
    void asksOnlyOnceWhatAskingAgainDoesNotHelp(Kind kind, int status) {
        var model = attempts(List.of(List.of(status(kind, status)), answer()));
        assertThat(accept(model, QUICK).play(_ -> {})).isEqualTo(new TurnOutcome.Failed(status(kind, status)));
        assertThat(model.prompts()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504, 599})
    void asksAgainAfterAFailureOfTheServer(int status) {
        var model = attempts(List.of(List.of(status(Kind.BROKEN, status)), answer()));
        assertThat(accept(model, QUICK).play(_ -> {})).isInstanceOf(TurnOutcome.Completed.class);
    }

    @Test
    void asksOnlyOnceOnceTheModelHasSaidSomething() {
        for (Object first : List.of(
                new ModelEvent.Text("Hal"),
                new ModelEvent.Extra(
                        "reasoning_content", Json.object().put("t", "hm").get("t")),
                new ModelEvent.ToolCallDelta(Json.object().put("index", 0)))) {
            var model = attempts(List.of(List.of(first, LOST), answer()));
            assertThat(accept(model, QUICK).play(_ -> {})).isEqualTo(new TurnOutcome.Failed(LOST));
            assertThat(model.prompts()).hasSize(1);
        }
    }

    @Test
    void sumsTheUsageOfItsAttempts() {
        var model = attempts(List.of(
                List.of(new ModelEvent.Used(Usage.of(1, 1)), new ModelEvent.Used(Usage.of(11, 2)), LOST),
                List.of(LOST),
                List.of(
                        new ModelEvent.Text("ok"),
                        new ModelEvent.Finish("stop"),
                        new ModelEvent.Used(new Usage(
                                Json.readObject("{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14,"
                                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}"))))));
        var outcome = (TurnOutcome.Completed) accept(model, QUICK).play(_ -> {});
        assertThat(Json.write(outcome.usage().orElseThrow().json()))
                .isEqualTo("{\"prompt_tokens\":22,\"completion_tokens\":5,\"total_tokens\":27,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}");
    }

    @Test
    void asksNotAgainWhenItIsTooLate() {
        var model = attempts(List.of(List.of(LOST), answer()));
        var late = new Retries(List.of(Duration.ofMillis(2)), Duration.ofMillis(1));
        assertThat(accept(model, late).play(_ -> {})).isEqualTo(new TurnOutcome.Failed(LOST));
        assertThat(model.prompts()).hasSize(1);
    }

    @Test
    void keepsTheTimesOfTheContract() {
        assertThat(Retries.STANDARD.next(0, Duration.ZERO)).contains(Duration.ofMillis(200));
        assertThat(Retries.STANDARD.next(1, Duration.ofSeconds(9))).contains(Duration.ofSeconds(1));
        assertThat(Retries.STANDARD.next(1, Duration.ofMillis(9_001))).isEmpty();
        assertThat(Retries.STANDARD.next(0, Duration.ofSeconds(10))).isEmpty();
        assertThat(Retries.STANDARD.next(2, Duration.ZERO)).isEmpty();
    }

    @Test
    void endsAPauseAtOnceWhenCancelled() throws Exception {
        var model = attempts(List.of(List.of(LOST), answer()));
        var accepted = accept(model, new Retries(List.of(LONG), LONG.plusMinutes(1)));
        var outcome = new CompletableFuture<TurnOutcome>();
        Thread.startVirtualThread(() -> outcome.complete(accepted.play(_ -> {})));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (model.prompts().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        accepted.run().timeOutAt(Long.MAX_VALUE / 2);
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new TurnOutcome.TimedOut());
        assertThat(model.prompts()).hasSize(1);
        assertThat(states()).containsExactly(EntryState.UNANSWERED);
    }
}
