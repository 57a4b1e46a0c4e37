package io.chela.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {
    private static final Schema NOTES = new Schema(List.of(List.of("CREATE TABLE notes (text TEXT NOT NULL)")));
    private static final String ADD = "INSERT INTO notes(text) VALUES (?)";

    private final Database database;
    private final Writer writer;

    WriterTest(@TempDir Path folder) {
        database = new Database(folder.resolve("notes.db"), NOTES);
        writer = new Writer(database);
    }

    @BeforeEach
    void startsEmpty() {
        assertThat(notes()).isEmpty();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void failsExactlyTheCallersWhoseWorkFails() throws Exception {
        var gate = new CountDownLatch(1);
        List<Future<Integer>> callers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = new CountDownLatch(1);
            Future<Integer> blocker = threads.submit(() -> writer.write(hold(taken, gate)));
            taken.await();
            callers.add(threads.submit(() -> writer.write(add("one"))));
            callers.add(threads.submit(() -> writer.write(add("two").andThen(new SQLException("disk on fire")))));
            callers.add(threads.submit(() -> writer.write(add("three"))));
            callers.add(threads.submit(() -> writer.write(add("four").andThen(new OutOfMemoryError("no room")))));
            callers.add(threads.submit(() -> writer.write(add("five"))));
            awaitWaiting(callers.size());
            gate.countDown();
            blocker.get();
            for (int right : List.of(0, 2, 4)) {
                assertThat(callers.get(right).get()).isEqualTo(1);
            }
            assertThat(failure(callers.get(1))).hasCauseInstanceOf(SQLException.class);
            assertThat(failure(callers.get(3))).hasCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(notes()).containsExactlyInAnyOrder("one", "three", "five");
    }

    @Test
    void goesOnAfterAFailure() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> writer.write(add("lost").andThen(new StackOverflowError())))
                .satisfies(e -> assertThat(e.problem()).isInstanceOf(Problem.Internal.class));
        writer.write(add("kept"));
        assertThat(notes()).containsExactly("kept");
    }

    @Test
    void refusesWorkOnceItIsClosed() {
        writer.close();
        assertThatThrownBy(() -> writer.write(add("late")))
                .isInstanceOf(ProblemException.class)
                .hasRootCauseMessage("the store is closed");
    }

    @Test
    void holdsNoLockBetweenCommits() throws SQLException {
        writer.write(add("ours"));
        try (Statements anotherProgram = database.openForWriting()) {
            anotherProgram.update(ADD, "theirs");
        }
        writer.write(add("ours again"));
        assertThat(notes()).containsExactly("ours", "theirs", "ours again");
    }

    @Test
    void writesOnAPlatformThread() {
        boolean virtual = writer.write(_ -> Thread.currentThread().isVirtual());
        assertThat(virtual).isFalse();
    }

    private List<String> notes() {
        try (var readers = new Readers(database)) {
            return readers.read(statements -> statements.query("SELECT text FROM notes", row -> row.getString(1)));
        }
    }

    private static ProblemException failure(Future<Integer> caller) throws InterruptedException {
        try {
            throw new AssertionError("did not fail but gave " + caller.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                return problem;
            }
            throw new AssertionError("failed in another way", e);
        }
    }

    private static Job.Work<Integer> hold(CountDownLatch taken, CountDownLatch gate) {
        return _ -> {
            try {
                taken.countDown();
                gate.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return 0;
        };
    }

    /// So that they are one group.
    private void awaitWaiting(int callers) {
        Instant deadline = Instant.now().plusSeconds(10);
        while (writer.waiting() < callers) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private static Note add(String text) {
        return new Note(text);
    }

    private record Note(String text) implements Job.Work<Integer> {
        @Override
        public Integer on(Statements statements) throws SQLException {
            return statements.update(ADD, text);
        }

        Job.Work<Integer> andThen(SQLException failure) {
            return statements -> {
                on(statements);
                throw failure;
            };
        }

        Job.Work<Integer> andThen(Error failure) {
            return statements -> {
                on(statements);
                throw failure;
            };
        }
    }
}
