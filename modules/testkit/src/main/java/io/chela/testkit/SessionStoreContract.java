package io.chela.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.spi.Entry;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.Lease;
import io.chela.api.spi.RunEntries;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.SessionSummary;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [SessionStore] does: `class MyStoreTest implements SessionStoreContract`.
public interface SessionStoreContract {
    Instant NOON = Instant.parse("2026-11-25T12:00:00.123456789Z");
    SessionKey KEY = new SessionKey("agent:main:main");
    RunId FIRST = new RunId("first");
    RunId SECOND = new RunId("second");

    /// Opens the store that lives in this folder; what an earlier one left there is in it.
    SessionStore open(Path folder);

    @Test
    default void keepsTheOrderAndNumbersFromOneWithoutGaps(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "one", "two");
            append(store, KEY, FIRST, EntryState.DONE, "three");
            append(store, KEY, SECOND, EntryState.UNANSWERED, "four");
            List<Entry> entries = store.read("operator", KEY);
            assertThat(texts(entries)).containsExactly("one", "two", "three", "four");
            assertThat(entries).extracting(Entry::seq).containsExactly(1L, 2L, 3L, 4L);
            assertThat(entries).extracting(Entry::run).containsExactly(FIRST, FIRST, FIRST, SECOND);
            assertThat(entries).extracting(Entry::at).containsOnly(NOON);
        }
    }

    @Test
    default void goesOnWhereAnEarlierStoreEnded(@TempDir Path folder) {
        List<Entry> before;
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "hello");
            append(store, KEY, FIRST, EntryState.DONE, "hi");
            before = store.read("operator", KEY);
        }
        try (SessionStore store = open(folder)) {
            assertThat(store.read("operator", KEY)).isEqualTo(before).hasSize(2);
            append(store, KEY, SECOND, EntryState.UNANSWERED, "and now?");
            assertThat(store.read("operator", KEY)).extracting(Entry::seq).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    default void givesTheUnansweredEntriesOfARunTheStateOfTheLastAppend(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "one", "two");
            append(store, KEY, SECOND, EntryState.UNANSWERED, "other");
            append(store, KEY, FIRST, EntryState.PARTIAL, "half an ans");
            assertThat(states(store))
                    .containsExactly(EntryState.PARTIAL, EntryState.PARTIAL, EntryState.UNANSWERED, EntryState.PARTIAL);
        }
    }

    @Test
    default void leavesAnExchangeAloneWhenItsRunsIdIsUsedAgain(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "question");
            append(store, KEY, FIRST, EntryState.DONE, "answer");
            append(store, KEY, FIRST, EntryState.UNANSWERED, "the same id");
            assertThat(states(store)).containsExactly(EntryState.DONE, EntryState.DONE, EntryState.UNANSWERED);
            append(store, KEY, FIRST, EntryState.FAILED);
            assertThat(states(store)).containsExactly(EntryState.DONE, EntryState.DONE, EntryState.FAILED);
        }
    }

    @Test
    default void changesTheStateAloneWhenThereAreNoMessages(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "one");
            append(store, KEY, SECOND, EntryState.UNANSWERED, "two");
            append(store, KEY, FIRST, EntryState.FAILED);
            assertThat(states(store)).containsExactly(EntryState.FAILED, EntryState.UNANSWERED);
        }
    }

    @Test
    default void keepsOwnersApart(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.UNANSWERED, "the operator's");
            try (Lease lease = store.claim("alice", KEY)) {
                store.append(lease, entries(FIRST, EntryState.DONE, "Alice's"));
            }
            assertThat(texts(store.read("operator", KEY))).containsExactly("the operator's");
            assertThat(states(store)).containsExactly(EntryState.UNANSWERED);
            assertThat(texts(store.read("alice", KEY))).containsExactly("Alice's");
            assertThat(store.list("alice", 10)).hasSize(1);
            assertThat(store.list("bob", 10)).isEmpty();
        }
    }

    @Test
    default void givesMessagesBackByteForByte(@TempDir Path folder) {
        List<String> written = List.of(
                "{\"role\":\"user\",\"content\":\"\"}",
                "{\"role\":\"user\",\"content\":\" tab\\t nul\\u0000 quote\\\" 'x' \\\\ line\\n\"}",
                "{\"content\":\"Grüße, 世界 👩‍👩‍👧 e\u0301\",\"role\":\"user\",\"name\":\"Zoë\"}",
                "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"x_vendor\":{\"b\":[1,{\"a\":true}],\"a\":{}}}",
                "{\"role\":\"user\",\"content\":[{\"type\":\"hologram\",\"id\":123456789012345678901234567890}]}",
                "{\"role\":\"user\",\"content\":\"\",\"n\":[0.10,1E+400,3.141592653589793238462643383279,9007199254740993]}");
        List<Message> messages =
                written.stream().map(Json::readObject).map(Message::new).toList();
        try (SessionStore store = open(folder);
                Lease lease = store.claim("operator", KEY)) {
            store.append(lease, new RunEntries(FIRST, EntryState.DONE, NOON, messages));
        }
        try (SessionStore store = open(folder)) {
            assertThat(store.read("operator", KEY))
                    .extracting(entry -> Json.write(entry.message().json()))
                    .containsExactlyElementsOf(written);
        }
    }

    @Test
    default void keepsALongMessage(@TempDir Path folder) {
        String text = "long ".repeat(1_000_000);
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.DONE, text);
            List<String> texts = texts(store.read("operator", KEY));
            // Not isEqualTo: nobody wants to read both.
            assertThat(texts.getFirst().equals(text)).isTrue();
        }
    }

    /// An answer that broke off inside an emoji.
    @Test
    default void keepsHalfACharacter(@TempDir Path folder) {
        String half = "so \ud83d";
        try (SessionStore store = open(folder)) {
            append(store, KEY, FIRST, EntryState.PARTIAL, half, "\ude00\ud83d", "whole \ud83d\ude00");
            assertThat(texts(store.read("operator", KEY))).containsExactly(half, "\ude00\ud83d", "whole \ud83d\ude00");
        }
    }

    @Test
    default void takesAppendsToManySessionsAtOnce(@TempDir Path folder) throws Exception {
        int sessions = 16;
        int runs = 20;
        try (SessionStore store = open(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> written = new ArrayList<>();
            for (int session = 0; session < sessions; session++) {
                SessionKey key = session(session);
                written.add(threads.submit(() -> IntStream.range(0, runs).forEach(run -> exchange(store, key, run))));
            }
            all(written);
            for (int session = 0; session < sessions; session++) {
                List<Entry> entries = store.read("operator", session(session));
                assertThat(entries).extracting(Entry::seq).containsExactlyElementsOf(to(2L * runs));
                assertThat(entries).extracting(Entry::state).containsOnly(EntryState.DONE);
                assertThat(texts(entries)).startsWith("q0", "a0", "q1").endsWith("a" + (runs - 1));
            }
            assertThat(store.list("operator", 100)).hasSize(sessions);
        }
    }

    @Test
    default void listsTheNewestFirstAndNoMoreThanAsked(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            for (int session = 1; session <= 4; session++) {
                appendAt(store, session(session), NOON.plusSeconds(session), "hello");
            }
            appendAt(store, session(2), NOON.plusSeconds(60), "again", "and again");
            assertThat(store.list("operator", 3))
                    .containsExactly(
                            new SessionSummary(session(2), NOON.plusSeconds(2), NOON.plusSeconds(60), 3),
                            new SessionSummary(session(4), NOON.plusSeconds(4), NOON.plusSeconds(4), 1),
                            new SessionSummary(session(3), NOON.plusSeconds(3), NOON.plusSeconds(3), 1));
            assertThat(store.list("operator", 0)).isEmpty();
        }
    }

    @Test
    default void givesNothingForAnUnknownSessionAndCreatesNone(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            assertThat(store.read("operator", KEY)).isEmpty();
            assertThat(store.list("operator", 10)).isEmpty();
        }
    }

    @Test
    default void leavesNoSessionForAClaimWithoutAMessage(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            store.claim("operator", KEY).close();
            append(store, KEY, FIRST, EntryState.FAILED);
            assertThat(store.list("operator", 10)).isEmpty();
        }
    }

    @Test
    default void refusesAnAppendWhoseLeaseWasGivenBack(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            Lease lease = store.claim("operator", KEY);
            lease.close();
            lease.close();
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> store.append(lease, entries(FIRST, EntryState.DONE, "too late")))
                    .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Conflict.class));
            assertThat(store.read("operator", KEY)).isEmpty();
            append(store, KEY, FIRST, EntryState.DONE, "claimed again");
            assertThat(texts(store.read("operator", KEY))).containsExactly("claimed again");
        }
    }

    @Test
    default void waitsThroughAnInterruptAndKeepsTheFlag(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            Thread.currentThread().interrupt();
            append(store, KEY, FIRST, EntryState.DONE, "hello");
            List<Entry> entries = store.read("operator", KEY);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(texts(entries)).containsExactly("hello");
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    default void readsTheNewestExchangesWithinAHistorysLimits(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            IntStream.range(0, 10).forEach(run -> exchange(store, KEY, run));
            assertThat(newest(store, 1_000, 1_000_000))
                    .hasSize(20)
                    .startsWith("q0", "a0")
                    .endsWith("q9", "a9");
            assertThat(newest(store, 4, 1_000_000)).containsExactly("q8", "a8", "q9", "a9");
            assertThat(newest(store, 5, 1_000_000)).containsExactly("q8", "a8", "q9", "a9");
            int size = Json.writeBytes(Message.of(Role.USER, "q0").json()).length;
            assertThat(newest(store, 1_000, 4 * size)).containsExactly("q8", "a8", "q9", "a9");
            assertThat(newest(store, 1_000, 6 * size - 1)).containsExactly("q8", "a8", "q9", "a9");
            assertThat(store.newest("alice", KEY, HistoryLimits.DEFAULTS)).isEmpty();
        }
    }

    @Test
    default void keepsTheNewestExchangeWholeHoweverLargeItIs(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            exchange(store, KEY, 1);
            append(store, KEY, SECOND, EntryState.UNANSWERED, "a long", "question");
            append(store, KEY, SECOND, EntryState.DONE, "answer");
            assertThat(newest(store, 1, 1)).containsExactly("a long", "question", "answer");
        }
    }

    @Test
    default void leavesWhatIsNoPartOfPromptsOutOfTheNewest(@TempDir Path folder) {
        try (SessionStore store = open(folder)) {
            exchange(store, KEY, 1);
            append(store, KEY, FIRST, EntryState.UNANSWERED, "lost");
            append(store, KEY, FIRST, EntryState.FAILED);
            append(store, KEY, SECOND, EntryState.UNANSWERED, "under way");
            assertThat(newest(store, 2, 1_000)).containsExactly("q1", "a1");
        }
    }

    private static List<String> newest(SessionStore store, int messages, int bytes) {
        return texts(store.newest("operator", KEY, new HistoryLimits(messages, bytes)));
    }

    private static void exchange(SessionStore store, SessionKey key, int number) {
        RunId run = new RunId("run " + number);
        append(store, key, run, EntryState.UNANSWERED, "q" + number);
        append(store, key, run, EntryState.DONE, "a" + number);
    }

    private static void append(SessionStore store, SessionKey key, RunId run, EntryState state, String... texts) {
        try (Lease lease = store.claim("operator", key)) {
            store.append(lease, entries(run, state, texts));
        }
    }

    private static void appendAt(SessionStore store, SessionKey key, Instant at, String... texts) {
        try (Lease lease = store.claim("operator", key)) {
            RunEntries entries = entries(FIRST, EntryState.DONE, texts);
            store.append(lease, new RunEntries(FIRST, EntryState.DONE, at, entries.messages()));
        }
    }

    private static RunEntries entries(RunId run, EntryState state, String... texts) {
        return new RunEntries(
                run,
                state,
                NOON,
                List.of(texts).stream().map(text -> Message.of(Role.USER, text)).toList());
    }

    private static SessionKey session(int number) {
        return new SessionKey("agent:main:" + number);
    }

    private static List<EntryState> states(SessionStore store) {
        return store.read("operator", KEY).stream().map(Entry::state).toList();
    }

    private static List<String> texts(List<Entry> entries) {
        return entries.stream().map(entry -> entry.message().text()).toList();
    }

    private static List<Long> to(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void all(List<Future<?>> futures) throws InterruptedException, ExecutionException {
        for (Future<?> future : futures) {
            future.get();
        }
    }
}
