package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More large bodies at once than the default heap holds.
class LargeBodiesTest {
    private static final int CALLERS = 8;
    private static final int BYTES = 18 * 1024 * 1024;

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void someWaitForAnotherTimeAndTheGatewayLives() throws Exception {
        String config = "gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }";
        try (Image gateway = Launch.in(folder).start(config);
                var caller = gateway.caller()) {
            var large = Caller.body("x".repeat(BYTES));
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                answers.add(caller.sending(large));
            }
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                statuses.add(answer.handle((got, failure) -> failure == null ? got.statusCode() : 0)
                        .get(60, TimeUnit.SECONDS));
            }
            // 0: the answer came while the body was still being sent, which this client does not look at.
            assertThat(statuses).isSubsetOf(200, 503, 0).contains(200);
            assertThat(caller.say("hello").statusCode()).isEqualTo(200);
        }
    }
}
