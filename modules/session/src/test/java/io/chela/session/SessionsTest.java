package io.chela.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Message;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.RunId;
import io.chela.api.SessionKey;
import io.chela.api.spi.Entry;
import io.chela.api.spi.EntryState;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.SessionSummary;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final SessionKey KEY = new SessionKey("agent:main:main");

    private final Sessions sessions = new Sessions(new MemoryStore(), Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void remembersWhatWasAskedAndAnswered() {
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            OpenSession session = ticket.await();
            exchange(session, "1", EntryState.DONE);
            exchange(session, "2", EntryState.PARTIAL);
            assertThat(session.history(HistoryLimits.DEFAULTS).messages())
                    .containsExactly(question("1"), answer("1"), question("2"), answer("2"));
        }
    }

    @Test
    void leavesQuestionsWithoutAnAnswerOutOfTheHistory() {
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            OpenSession session = ticket.await();
            exchange(session, "1", EntryState.DONE);
            session.begin(new RunId("2"), List.of(question("2")));
            session.settle(new RunId("2"), EntryState.FAILED, List.of());
            session.begin(new RunId("3"), List.of(question("3")));
            assertThat(session.history(HistoryLimits.DEFAULTS).messages()).containsExactly(question("1"), answer("1"));
        }
        assertThat(sessions.transcript("operator", KEY))
                .extracting(Entry::state)
                .containsExactly(EntryState.DONE, EntryState.DONE, EntryState.FAILED, EntryState.UNANSWERED);
    }

    @Test
    void listsSessionsWithTheClocksTimes() {
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            exchange(ticket.await(), "1", EntryState.DONE);
        }
        assertThat(sessions.list("operator", 10)).containsExactly(new SessionSummary(KEY, NOON, NOON, 2));
        assertThat(sessions.list("alice", 10)).isEmpty();
    }

    @Test
    void refusesToWriteOnceTheTicketIsClosed() {
        OpenSession session;
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            session = ticket.await();
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> session.begin(new RunId("1"), List.of(question("1"))))
                .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Conflict.class));
    }

    @Test
    void refusesAnExchangeThatIsDoneWithoutAnAnswer() {
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            OpenSession session = ticket.await();
            assertThatThrownBy(() -> session.settle(new RunId("1"), EntryState.DONE, List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void beginsACutHistoryWithAUsersMessage() {
        try (LaneTicket ticket = sessions.queue("operator", KEY, Sessions.DEFAULT_WAITING)) {
            OpenSession session = ticket.await();
            exchange(session, "1", EntryState.DONE);
            // As when a client runs a tool: the result begins the next exchange.
            session.begin(new RunId("2"), List.of(Message.of(Role.TOOL, "a cat")));
            session.settle(new RunId("2"), EntryState.DONE, List.of(answer("2")));
            exchange(session, "3", EntryState.DONE);
            assertThat(session.history(new HistoryLimits(5, 10_000)))
                    .isEqualTo(new History(List.of(question("3"), answer("3")), true));
            assertThat(session.history(new HistoryLimits(6, 10_000)).messages()).hasSize(6);
            assertThat(session.history(new HistoryLimits(6, 10_000)).isCut()).isFalse();
        }
    }

    private static void exchange(OpenSession session, String number, EntryState state) {
        session.begin(new RunId(number), List.of(question(number)));
        session.settle(new RunId(number), state, List.of(answer(number)));
    }

    private static Message question(String number) {
        return Message.of(Role.USER, "question " + number);
    }

    private static Message answer(String number) {
        return Message.of(Role.ASSISTANT, "answer " + number);
    }
}
