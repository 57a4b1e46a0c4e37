package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class UncaughtTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Integer> exits = new CopyOnWriteArrayList<>();
    private final Uncaught uncaught = new Uncaught(new PrintStream(err, true, UTF_8), exits::add);

    private void failWith(Throwable failure) throws InterruptedException {
        Thread.ofVirtual()
                .uncaughtExceptionHandler(uncaught)
                .start(() -> sneak(failure))
                .join();
    }

    private static void sneak(Throwable failure) {
        switch (failure) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(failure);
        }
    }

    @Test
    void endsTheProcessWithAMessageAndExitStatus3WhenTheClassLibraryIsOutOfMemory() throws InterruptedException {
        failWith(new OutOfMemoryError("Cannot reserve 16384 bytes of direct buffer memory"));

        assertThat(exits).containsExactly(3);
        assertThat(err.toString(UTF_8)).contains("out of memory (Cannot reserve", "CHELA_HEAP");
    }

    @Test
    void goesOnAfterAnyOtherFailureOfAThread() throws InterruptedException {
        failWith(new IllegalStateException("a bug"));
        failWith(new StackOverflowError());

        assertThat(exits).isEmpty();
        assertThat(err.toString(UTF_8)).isEmpty();
    }
}
