package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void handsAnOutOfMemoryErrorOfAHandlerToWhoeverEndsTheProcess() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
        try (var edge = TestEdge.with(http -> http.get("/full", (_, _) -> {
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
                }));
                var client = edge.client()) {
            assertThat(client.get("/full").answer().status()).isEqualTo(500);
            assertThat(uncaught).singleElement().isInstanceOf(OutOfMemoryError.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
